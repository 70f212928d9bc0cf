package io.shelfcast.outcomes;

import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.quality.RowRules;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.tuning.ScoreHistogram;
import io.shelfcast.tuning.Segment;
import io.shelfcast.tuning.SelectionComparison;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;

/**
 * Compare: how much two model versions let be shown at equal found rates, by what shoppers found.
 *
 * <p><b>Source.</b> Files of outcomes and of both versions' scores, as {@link TunePipeline} reads
 * them. Only outcomes count that both have a score for, so that the two are held against the same.
 *
 * <p><b>Sink.</b> The folder {@code --output}: {@code report.html}, {@code summary.txt} and {@code
 * result.json}; and one row of {@code model_comparison}, for whoever promotes one of the two.
 *
 * <p><b>Delivery.</b> What is counted is exact, and the draws that intervals come from are the same
 * each time.
 *
 * <p><b>A retry</b> writes the same files once more; it may put the same comparison on record
 * twice. <b>A crash</b> leaves the files of the run before, or some of the new ones; {@code
 * result.json} comes last.
 */
public final class ComparePipeline {

  private final CompareOptions options;
  private final ComparisonPlan plan;
  private final Instant now;

  private ComparePipeline(CompareOptions options, Instant now) {
    this.options = options;
    this.now = now;
    List<String> models = options.getModels();
    if (models.size() != 2 || new HashSet<>(models).size() != 2) {
      throw new IllegalArgumentException(
          "--models is '%s'; write two of them, as general-v1,realtime-v2: the one that is live"
                  .formatted(String.join(",", models))
              + " first");
    }
    models.forEach(model -> OutcomeChecks.checkModelVersion("--models has", model));
    double foundRate = options.getTargetFoundRate();
    OutcomeChecks.checkTarget(foundRate, options.getMinEvidence());
    DatabaseConfig database = DatabaseOptions.configOf(options);
    List<SegmentAttribute> attributes = SegmentNames.parse(options.getBy());
    this.plan =
        new ComparisonPlan(
            models.get(0),
            models.get(1),
            foundRate,
            options.getMinEvidence(),
            attributes,
            database,
            OutcomeChecks.output(
                options, "comparison/%s-%s".formatted(models.get(0), models.get(1))));
  }

  /** Runs on the runner that the arguments name. */
  public static void main(String[] args) throws IOException {
    PipelineOptionsFactory.register(CompareOptions.class);
    run(PipelineOptionsFactory.fromArgs(args).withValidation().as(CompareOptions.class));
  }

  /**
   * Compares.
   *
   * @return what came of it; empty on Dataflow, where it is only submitted
   * @throws IllegalArgumentException when an option is wrong, saying which and what to write
   *     instead
   * @throws io.shelfcast.store.DatabaseException when the database cannot be used
   */
  public static Optional<OutcomeResult> run(CompareOptions options) throws IOException {
    ComparePipeline compare = new ComparePipeline(options, Instant.now());
    OutcomeChecks.checkInput(options);
    Pipeline pipeline = Pipeline.create(options);
    compare.build(pipeline);
    return OutcomeResult.of(pipeline, options, compare.plan.output());
  }

  void build(Pipeline pipeline) {
    OutcomeHistograms counted =
        OutcomeHistograms.of(
            pipeline,
            options,
            RowRules.asOf(now, Duration.ofMinutes(5)),
            List.of(plan.baseline(), plan.candidate()),
            null,
            new ItemSegments(plan.database(), plan.attributes()),
            false);
    var segments =
        counted
            .histograms()
            .apply("Key by segments", ParDo.of(new KeyBySegments()))
            .setCoder(
                KvCoder.of(
                    SegmentCoder.of(),
                    KvCoder.of(HistogramKeyCoder.of(), ScoreHistogramCoder.of())))
            .apply("Group by segment", GroupByKey.create())
            .apply("Compare segment", ParDo.of(new CompareSegment(plan)))
            .setCoder(SerializableCoder.of(SelectionComparison.class));
    var unused =
        KeyedPCollectionTuple.of(
                FinishComparison.COUNTS, counted.counts().apply("Key counts", WithKeys.of(0)))
            .and(FinishComparison.SEGMENTS, segments.apply("Key comparisons", WithKeys.of(0)))
            .apply("All together", CoGroupByKey.create())
            .apply("Finish comparison", ParDo.of(new FinishComparison(plan)));
  }

  /** To the segment, and to each that it is part of. */
  private static final class KeyBySegments
      extends DoFn<
          KV<HistogramKey, ScoreHistogram>, KV<Segment, KV<HistogramKey, ScoreHistogram>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void key(
        @Element KV<HistogramKey, ScoreHistogram> part,
        OutputReceiver<KV<Segment, KV<HistogramKey, ScoreHistogram>>> out) {
      Segment segment = part.getKey().segment();
      out.output(KV.of(segment, part));
      while (!segment.isAll()) {
        segment = segment.parent();
        out.output(KV.of(segment, part));
      }
    }
  }
}
