package io.shelfcast.outcomes;

import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.tuning.Interval;
import io.shelfcast.tuning.OutOfTime;
import io.shelfcast.tuning.Shown;
import io.shelfcast.tuning.TunedPolicy;
import io.shelfcast.tuning.TuningStudy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The result of tuning in a few lines. */
record TuningSummary(TuningPlan plan, OutcomeCounts counts, TuningStudy study) {

  String text() {
    StringBuilder text = new StringBuilder(counts.inWords()).append('\n');
    if (counts.scoresRejected() > 0) {
      text.append(
          String.format(
              Locale.ROOT, "%,d rows of scores could not be used%n", counts.scoresRejected()));
    }
    int segments = study.tuning().segments().size();
    if (segments == 1) {
      text.append(SegmentNames.whyNone(plan.attributes(), plan.minEvidence()));
    }
    Shown shown = study.all().shown();
    if (!shown.meets(plan.foundRate())) {
      return text.append(
              "no thresholds meet a found rate of %s; see %s, and ask for less\n"
                  .formatted(ComparisonResult.percent(plan.foundRate()), plan.reportFile()))
          .toString();
    }
    text.append(
        "%s: %s shown, of which %s found, by %d %s\n"
            .formatted(
                plan.modelVersion(),
                rate(shown.selectionRate(), study.all().selectionRate()),
                rate(shown.foundRate(), study.all().foundRate()),
                segments,
                segments == 1 ? "threshold" : "segments"));
    Shown inStock = study.tuning().inStock();
    text.append(
        inStock.meets(plan.lowFoundRate())
            ? "of them %s are in stock, of which %s found\n"
                .formatted(
                    ComparisonResult.percent(inStock.shown() / (double) shown.shown()),
                    ComparisonResult.percent(inStock.foundRate()))
            : "nothing is in stock: no thresholds meet a found rate of %s for that (--lowFoundRate)\n"
                .formatted(ComparisonResult.percent(plan.lowFoundRate())));
    Shown one = study.oneForAll().shown();
    if (segments > 1) {
      text.append(
          "one threshold for all would show %s\n"
              .formatted(
                  one.meets(plan.foundRate())
                      ? ComparisonResult.percent(one.selectionRate())
                      : "nothing"));
    }
    warnings().forEach(line -> text.append(line).append('\n'));
    return text.append("report: %s\n".formatted(plan.reportFile()))
        .append(
            "policy: %s; ./shelfcast policy publish shows what it changes before it asks\n"
                .formatted(plan.policyFile()))
        .toString();
  }

  private static String rate(double share, @Nullable Interval interval) {
    return interval == null
        ? ComparisonResult.percent(share)
        : "%s (%s to %s)"
            .formatted(
                ComparisonResult.percent(share),
                ComparisonResult.percent(interval.low()),
                ComparisonResult.percent(interval.high()));
  }

  /** What whoever publishes the policy has to know. */
  List<String> warnings() {
    List<String> lines = new ArrayList<>();
    if (counts.used() < plan.minEvidence()) {
      lines.add(
          "these thresholds stand on %d outcomes only, where even a segment is asked for %d"
              .formatted(counts.used(), plan.minEvidence()));
    }
    OutOfTime outOfTime = study.outOfTime();
    if (outOfTime == null) {
      lines.add(
          "there is no check out of time: one part of the time has no outcomes, or no thresholds"
              + " that meet the target");
    } else {
      Shown last = outOfTime.segments();
      lines.add(
          "out of time %s of what was shown was found%s"
              .formatted(
                  last.shown() == 0 ? "nothing" : ComparisonResult.percent(last.foundRate()),
                  last.meets(plan.foundRate())
                      ? ""
                      : ": the target was missed; tune often, or for a little more than is needed"));
      if (study.tuning().segments().size() > 1) {
        lines.add(TuningReport.verdict(outOfTime));
      }
    }
    List<String> outranked =
        TunedPolicy.outranked(plan.rulesInForce()).stream().map(ThresholdRule::name).toList();
    if (!outranked.isEmpty()) {
      lines.add(
          "rules for every model version that no longer count for %s, since those that name it come"
                  .formatted(plan.modelVersion())
              + " first: "
              + String.join(", ", outranked));
    }
    return lines;
  }
}
