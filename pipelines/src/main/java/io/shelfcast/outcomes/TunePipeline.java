package io.shelfcast.outcomes;

import io.shelfcast.policy.PolicyJson;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.quality.RowRules;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.tuning.TuningTargets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * Tune: proposes thresholds for one model version, segment by segment, by what shoppers found.
 *
 * <p><b>Source.</b> Files of outcomes and of scores, Parquet and CSV, on any file system of Beam;
 * what is known of stores and products, and the policy in force, from the serving database. Each
 * outcome is held against the score in force at its time: of the item's scores until then, that
 * moment included, the greatest by {@code (scored_at, score)}. A line of an order counts once.
 *
 * <p><b>Sink.</b> The folder {@code --output}: {@code policy.yaml}, to be published by whoever has
 * read {@code report.html}, {@code summary.txt} and {@code result.json}. Nothing is written to the
 * database.
 *
 * <p><b>Delivery.</b> What is counted is exact: histograms are made of whole numbers, by grouping,
 * and neither the order of the input nor how it is cut into files changes a digit.
 *
 * <p><b>A retry</b> of a step, or of the whole run, writes the same files once more. <b>A crash</b>
 * leaves the files of the run before, or some of the new ones; {@code result.json} comes last.
 */
public final class TunePipeline {

  private static final Duration MAX_FUTURE_SKEW = Duration.ofMinutes(5);

  private final TuneOptions options;
  private final DatabaseConfig database;
  private final List<SegmentAttribute> attributes;
  private final TuningTargets targets;
  private final OutputFolder output;
  private final Instant now;

  private TunePipeline(TuneOptions options, Instant now) {
    this.options = options;
    this.now = now;
    this.database = DatabaseOptions.configOf(options);
    this.attributes = SegmentNames.parse(options.getBy());
    String modelVersion = options.getModelVersion();
    OutcomeChecks.checkModelVersion("--modelVersion is", modelVersion);
    double foundRate = options.getTargetFoundRate();
    OutcomeChecks.checkTarget(foundRate, options.getMinEvidence());
    @Nullable Double low = options.getLowFoundRate();
    if (low != null && !(low >= foundRate && low <= 1)) {
      throw new IllegalArgumentException(
          "--lowFoundRate is %s; write a share from --targetFoundRate, which is %s, up to 1"
              .formatted(low, foundRate));
    }
    this.targets =
        new TuningTargets(
            foundRate, low == null ? (foundRate + 1) / 2 : low, options.getMinEvidence());
    this.output = OutcomeChecks.output(options, "tuning/" + modelVersion);
  }

  /** Runs on the runner that the arguments name. */
  public static void main(String[] args) throws IOException {
    PipelineOptionsFactory.register(TuneOptions.class);
    run(PipelineOptionsFactory.fromArgs(args).withValidation().as(TuneOptions.class));
  }

  /**
   * Tunes.
   *
   * @return what came of it; empty on Dataflow, where it is only submitted
   * @throws IllegalArgumentException when an option is wrong, saying which and what to write
   *     instead
   * @throws io.shelfcast.store.DatabaseException when the database cannot be used
   */
  public static Optional<OutcomeResult> run(TuneOptions options) throws IOException {
    TunePipeline tune = new TunePipeline(options, Instant.now());
    OutcomeChecks.checkInput(options);
    ThresholdPolicy inForce = new PolicyStore(Database.shared(tune.database)).inForce();
    TuningPlan plan =
        new TuningPlan(
            options.getModelVersion(),
            tune.targets.foundRate(),
            tune.targets.lowFoundRate(),
            tune.targets.minEvidence(),
            tune.attributes,
            PolicyJson.write(inForce.rules()),
            inForce.version(),
            tune.output);
    Pipeline pipeline = Pipeline.create(options);
    tune.build(pipeline, plan);
    return OutcomeResult.of(pipeline, options, tune.output);
  }

  void build(Pipeline pipeline, TuningPlan plan) {
    OutcomeHistograms counted =
        OutcomeHistograms.of(
            pipeline,
            options,
            RowRules.asOf(now, MAX_FUTURE_SKEW),
            List.of(plan.modelVersion()),
            plan.modelVersion(),
            new ItemSegments(database, attributes),
            true);
    var unused =
        KeyedPCollectionTuple.of(
                FinishTuning.COUNTS, counted.counts().apply("Key counts", WithKeys.of(0)))
            .and(
                FinishTuning.HISTOGRAMS,
                counted.histograms().apply("Key histograms", WithKeys.of(0)))
            .apply("All together", CoGroupByKey.create())
            .apply("Propose thresholds", ParDo.of(new FinishTuning(plan)));
  }
}
