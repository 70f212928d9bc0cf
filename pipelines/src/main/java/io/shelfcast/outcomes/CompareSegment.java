package io.shelfcast.outcomes;

import io.shelfcast.tuning.ScoreHistogram;
import io.shelfcast.tuning.Segment;
import io.shelfcast.tuning.SelectionComparison;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Compares two model versions in a segment; nothing comes of one with too few outcomes. In memory
 * are the segment's histograms, by groups of stores.
 */
final class CompareSegment
    extends DoFn<KV<Segment, Iterable<KV<HistogramKey, ScoreHistogram>>>, SelectionComparison> {
  private static final long serialVersionUID = 1L;

  /** Of the curve of everything, and of one segment among many. */
  private static final int ALL_POINTS = 500;

  private static final int SEGMENT_POINTS = 80;

  private final ComparisonPlan plan;

  CompareSegment(ComparisonPlan plan) {
    this.plan = plan;
  }

  @ProcessElement
  public void compare(
      @Element KV<Segment, Iterable<KV<HistogramKey, ScoreHistogram>>> segment,
      OutputReceiver<SelectionComparison> out) {
    SelectionComparison.Builder outcomes = new SelectionComparison.Builder();
    for (KV<HistogramKey, ScoreHistogram> part : segment.getValue()) {
      outcomes.add(part.getKey().model() == 1, part.getKey().storeGroup(), part.getValue());
    }
    boolean isAll = segment.getKey().isAll();
    if (isAll || outcomes.total() >= plan.minEvidence()) {
      out.output(
          outcomes.compare(
              segment.getKey(),
              isAll ? plan.foundRates() : List.of(plan.foundRate()),
              isAll ? ALL_POINTS : SEGMENT_POINTS));
    }
  }
}
