package io.shelfcast.outcomes;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.store.ComparisonKind;
import io.shelfcast.store.Database;
import io.shelfcast.store.ModelComparisons;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.tuning.SelectionComparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Writes the report and the result, and puts the comparison on record. */
final class FinishComparison extends DoFn<KV<Integer, CoGbkResult>, Void> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<SelectionComparison> SEGMENTS = new TupleTag<>("segments");
  static final TupleTag<OutcomeCounts> COUNTS = new TupleTag<>("counts");

  private final ComparisonPlan plan;

  FinishComparison(ComparisonPlan plan) {
    this.plan = plan;
  }

  @ProcessElement
  public void finish(@Element KV<Integer, CoGbkResult> all) throws IOException {
    OutcomeCounts counts = OutcomeCounts.sum(all.getValue().getAll(COUNTS));
    List<SelectionComparison> segments = new ArrayList<>();
    all.getValue().getAll(SEGMENTS).forEach(segments::add);
    if (segments.isEmpty()) {
      throw new IllegalStateException(
          counts.whyNone("both %s and %s".formatted(plan.baseline(), plan.candidate())));
    }
    segments.sort(Comparator.comparing(SelectionComparison::segment));
    String live =
        new ModelRegistry(Database.shared(plan.database()))
            .live()
            .map(ModelVersion::name)
            .orElse(null);
    ComparisonResult result = new ComparisonResult(plan, counts, segments);
    String line = result.json();
    plan.output().write("report.html", "text/html", new ComparisonReport(result).html());
    // A retry puts the same on record once more, and the last word is the same.
    new ModelComparisons(Database.shared(plan.database()))
        .record(ComparisonKind.OFFLINE, plan.candidate(), plan.baseline(), result.summary(), line);
    OutcomeResult.write(
        plan.output(),
        "%s\n%s\n%s%sreport: %s\n"
            .formatted(
                counts.inWords(),
                result.summary(),
                segments.size() == 1 ? plan.whyNoSegments() : "",
                plan.whyNotLive(live),
                plan.reportFile()),
        line);
  }
}
