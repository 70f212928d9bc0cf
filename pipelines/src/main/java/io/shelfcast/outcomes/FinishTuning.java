package io.shelfcast.outcomes;

import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.tuning.OutcomeCell;
import io.shelfcast.tuning.ScoreHistogram;
import io.shelfcast.tuning.TunedPolicy;
import io.shelfcast.tuning.TuningStudy;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Proposes the thresholds, and writes the policy, the report and the result. */
final class FinishTuning extends DoFn<KV<Integer, CoGbkResult>, Void> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<KV<HistogramKey, ScoreHistogram>> HISTOGRAMS = new TupleTag<>("histograms");
  static final TupleTag<OutcomeCounts> COUNTS = new TupleTag<>("counts");

  private static final int MOST_COMMENT = 1_000;

  private final TuningPlan plan;

  FinishTuning(TuningPlan plan) {
    this.plan = plan;
  }

  @ProcessElement
  public void finish(@Element KV<Integer, CoGbkResult> all) throws IOException {
    OutcomeCounts counts = OutcomeCounts.sum(all.getValue().getAll(COUNTS));
    if (counts.used() == 0) {
      throw new IllegalStateException(counts.whyNone(plan.modelVersion()));
    }
    TuningStudy study =
        TuningStudy.of(
            cells(all.getValue().getAll(HISTOGRAMS)), plan.targets(), ReportParts.MOST_PLOTS);
    OutputFolder output = plan.output();
    if (study.all().shown().meets(plan.foundRate())) {
      output.write(TuningPlan.POLICY_FILE, "text/yaml", policy(study));
    } else {
      output.delete(TuningPlan.POLICY_FILE);
    }
    output.write(TuningPlan.REPORT_FILE, "text/html", new TuningReport(plan, counts, study).html());
    OutcomeResult.write(
        output,
        new TuningSummary(plan, counts, study).text(),
        new TuningJson(plan, counts, study).line());
  }

  private String policy(TuningStudy study) {
    List<ThresholdRule> rules =
        TunedPolicy.replacing(
            plan.rulesInForce(), plan.modelVersion(), plan.attributes(), study.tuning());
    String yaml = PolicyYaml.write(rules);
    if (yaml.length() > PolicyYaml.MAX_CHARACTERS - MOST_COMMENT) {
      throw new IllegalStateException(
          "a policy of %,d rules is larger than policy publish takes; ask for more outcomes"
                  .formatted(rules.size())
              + " (--minEvidence), or for fewer segments (--by)");
    }
    return "# Policy %d with the thresholds of %s replaced by tuned ones: %s of what is shown is"
            .formatted(plan.policyInForce(), plan.modelVersion(), plan.foundRate())
        + " to be found.\n# ./shelfcast policy publish shows what it changes before it asks.\n"
        + yaml;
  }

  /** Read anew each time that they are gone over, so that nobody has to hold them. */
  private static Iterable<OutcomeCell> cells(
      Iterable<KV<HistogramKey, ScoreHistogram>> histograms) {
    return () ->
        StreamSupport.stream(histograms.spliterator(), false)
            .map(
                cell ->
                    new OutcomeCell(
                        cell.getKey().segment(),
                        cell.getKey().storeGroup(),
                        cell.getKey().isLast(),
                        cell.getValue()))
            .iterator();
  }
}
