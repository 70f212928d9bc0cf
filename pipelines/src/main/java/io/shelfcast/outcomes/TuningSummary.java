package io.shelfcast.outcomes;

import io.shelfcast.tuning.Interval;
import io.shelfcast.tuning.Shown;
import io.shelfcast.tuning.TuningStudy;
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
    if (!plan.attributes().isEmpty() && segments == 1) {
      text.append(
          ("no segment has %d outcomes: nothing may be known of the stores or products, which"
                  + " ./shelfcast segments load loads\n")
              .formatted(plan.minEvidence()));
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
    Shown one = study.oneForAll().shown();
    if (segments > 1) {
      text.append(
          "one threshold for all would show %s\n"
              .formatted(
                  one.meets(plan.foundRate())
                      ? ComparisonResult.percent(one.selectionRate())
                      : "nothing"));
      text.append(
          study.outOfTime() == null
              ? "there are too few outcomes for a check out of time\n"
              : TuningReport.verdict(study.outOfTime()) + "\n");
    }
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
}
