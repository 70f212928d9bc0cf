package io.shelfcast.outcomes;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.fullsync.ReadScoreFiles;
import io.shelfcast.quality.RowRules;
import io.shelfcast.transforms.Checked;
import io.shelfcast.tuning.ScoreHistogram;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes by segment and score, and what became of them all: one pass over the outcomes, and one
 * over the scores.
 *
 * @param histograms of each segment, group of stores and model version
 * @param counts one element: what became of all rows
 */
record OutcomeHistograms(
    PCollection<KV<HistogramKey, ScoreHistogram>> histograms, PCollection<OutcomeCounts> counts) {

  /**
   * Adds the steps.
   *
   * @param models the model versions; each outcome is held against all of them or none
   * @param defaultModelVersion of score files that name none; null: they have to
   * @param keepsLastPart whether the last part of the time is counted by itself
   */
  static OutcomeHistograms of(
      Pipeline pipeline,
      OutcomeOptions options,
      RowRules rules,
      List<String> models,
      @Nullable String defaultModelVersion,
      ItemSegments segments,
      boolean keepsLastPart) {
    PCollectionTuple read =
        pipeline.apply("Read outcomes", ReadOutcomes.matching(options.getOutcomes()));
    Checked<ScoreBatch> scores =
        pipeline.apply(
            "Read scores",
            ReadScoreFiles.matching(
                options.getScores(), options.getColumns(), defaultModelVersion, rules));
    PCollection<KV<Long, StoreScores>> byStore =
        scores
            .accepted()
            .apply("Cut by store", ParDo.of(new ScoresByStore(models)))
            .setCoder(KvCoder.of(VarLongCoder.of(), StoreScoresCoder.of()));
    PCollectionTuple scored =
        read.get(ReadOutcomes.OUTCOMES)
            .apply(
                "Score outcomes",
                ScoreOutcomes.with(
                    byStore, models.size(), OutcomeChecks.resolutionMicros(options), segments));
    return new OutcomeHistograms(
        count(scored.get(ScoreOutcomes.SCORED), keepsLastPart),
        PCollectionList.of(
                List.of(
                    read.get(ReadOutcomes.COUNTS),
                    scored.get(ScoreOutcomes.COUNTS),
                    rejectedScores(scores.rejected())))
            .apply("All counts", Flatten.pCollections())
            .apply("Sum counts", Combine.globally(OutcomeCounts::sum)));
  }

  private static PCollection<OutcomeCounts> rejectedScores(PCollection<RejectedRows> rejected) {
    return rejected
        .apply(
            "Count rejected scores",
            MapElements.into(TypeDescriptor.of(OutcomeCounts.class))
                .via(rows -> OutcomeCounts.ofScoresRejected(rows.rows().size())))
        .setCoder(SerializableCoder.of(OutcomeCounts.class));
  }

  private static PCollection<KV<HistogramKey, ScoreHistogram>> count(
      PCollection<ScoredOutcome> outcomes, boolean keepsLastPart) {
    @Nullable PCollectionView<Long> lastPart =
        keepsLastPart ? outcomes.apply("Find last part", LastPart.start()) : null;
    ParDo.SingleOutput<ScoredOutcome, KV<HistogramKey, Integer>> key =
        ParDo.of(new KeyOutcomes(lastPart));
    return outcomes
        .apply("Key outcomes", lastPart == null ? key : key.withSideInputs(lastPart))
        .setCoder(KvCoder.of(HistogramKeyCoder.of(), VarIntCoder.of()))
        .apply("Count outcomes", Combine.perKey(new CountOutcomes()))
        .setCoder(KvCoder.of(HistogramKeyCoder.of(), ScoreHistogramCoder.of()));
  }

  private static final class KeyOutcomes extends DoFn<ScoredOutcome, KV<HistogramKey, Integer>> {
    private static final long serialVersionUID = 1L;

    private final @Nullable PCollectionView<Long> lastPart;

    KeyOutcomes(@Nullable PCollectionView<Long> lastPart) {
      this.lastPart = lastPart;
    }

    @ProcessElement
    public void key(ProcessContext context) {
      ScoredOutcome outcome = context.element();
      boolean isLast = lastPart != null && outcome.orderedAtMicros() >= context.sideInput(lastPart);
      for (int model = 0; model < outcome.models(); model++) {
        context.output(
            KV.of(
                new HistogramKey(outcome.segment(), outcome.storeGroup(), model, isLast),
                CountOutcomes.input(outcome.bin(model), outcome.found())));
      }
    }
  }
}
