package io.shelfcast.refresh;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.LedgerRun;
import io.shelfcast.run.RunListener;
import io.shelfcast.scoring.ScoringConfig;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.CommitListener;
import io.shelfcast.transforms.ParseScores;
import io.shelfcast.transforms.RulesSource;
import io.shelfcast.transforms.WriteDeadLetters;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Refresh: gives items that were shown with stale scores fresh ones, without end.
 *
 * <p><b>Source.</b> A Kafka topic of refresh requests, and optionally one of score rows that models
 * push. A record that is neither never blocks its partition: it becomes a dead letter with topic,
 * partition and offset.
 *
 * <p><b>Sink.</b> PostgreSQL: {@code availability_score}, and {@code dead_letter} for requests that
 * cannot be understood and items that got no score. By way of the scoring API, which is asked for
 * the scores of every model version of {@code --refreshStatuses}; changes of the registry are
 * followed within {@link RefreshedVersions#MAX_AGE}.
 *
 * <p><b>Delivery</b>: at least once, which under the guarded upsert comes to the same as once. An
 * offset is committed when the runner has finalized the bundle, or checkpoint, that read it: then
 * what became of the record is in the database, or in the runner's own durable state, where items
 * wait for at most {@code --maxBatchWait} to be scored together. So a job is restarted from that
 * state (Dataflow: update; Flink: the last checkpoint or a savepoint); who starts it without goes
 * on from the committed offsets, and may leave out what was in the state. The state of a Kafka
 * source holds its partitions and its consumer's settings, group and references to secrets
 * included: on Flink a job that is restored reads as the one that it is restored from did, whatever
 * the new options say, and partitions that were added to a topic are read by a job that starts
 * without.
 *
 * <p><b>A retry</b> of a bundle asks for its scores again, and applies them again, which changes
 * nothing that is newer. Scoring calls are retried within {@code --maxScoringRetryTime}, and then
 * become dead letters that {@code replay} asks for again; the database's transient errors for two
 * minutes, and then the bundle fails and the runner tries it again. All the while Kafka keeps what
 * is not read yet.
 *
 * <p><b>A crash</b> leaves what is committed, which is right; the runner goes on from its last
 * checkpoint. No event-time windows: an idle partition holds nothing up.
 */
public final class RefreshPipeline {

  private final RefreshOptions options;
  private final DatabaseConfig database;
  private final ScoringConfig scoring;
  private final KafkaInput kafka;
  private final List<ModelStatus> statuses;
  private final Duration minRefreshInterval;
  private final Duration maxBatchWait;
  private final RulesSource rules;

  private RefreshPipeline(RefreshOptions options) {
    this.options = options;
    this.database = DatabaseOptions.configOf(options);
    this.scoring = ScoringOptions.scoringOf(options);
    this.kafka = KafkaInput.of(options);
    this.statuses = ScoringOptions.statusesOf(options);
    this.minRefreshInterval = duration("--minRefreshInterval", options.getMinRefreshInterval(), 0);
    this.maxBatchWait = duration("--maxBatchWait", options.getMaxBatchWait(), 1);
    duration("--maxFutureSkew", options.getMaxFutureSkew(), 0);
    this.rules = RulesSource.asOfNow(options.getMaxFutureSkew());
    if (options.getRequestsTopic().equals(options.getScoresTopic())) {
      throw new IllegalArgumentException(
          "--scoresTopic and --requestsTopic are both '%s'; they have to be two topics"
              .formatted(options.getScoresTopic()));
    }
  }

  /**
   * Runs on the runner that the arguments name, until it is stopped.
   *
   * @throws IllegalStateException when the job ends by itself, as Beam's source on Flink does when
   *     the brokers could not be reached as it started: it ends well, and has read nothing
   */
  public static void main(String[] args) {
    PipelineOptionsFactory.register(RefreshOptions.class);
    RefreshOptions options =
        PipelineOptionsFactory.fromArgs(args).withValidation().as(RefreshOptions.class);
    PipelineResult result = start(options, RunListener.SILENT);
    if (!options.getRunner().getSimpleName().equals("DataflowRunner")) {
      // Dataflow's job goes on without the program that submitted it.
      PipelineResult.State state = result.waitUntilFinish();
      if (state != PipelineResult.State.CANCELLED) {
        throw new IllegalStateException(
            "the refresh has ended as %s, though it is to run until it is stopped"
                .formatted(state));
      }
    }
  }

  /**
   * Starts the refresh, on a database whose schema it brings up to date.
   *
   * @throws IllegalArgumentException when an option is wrong, saying which and what to write
   *     instead
   * @throws io.shelfcast.store.DatabaseException when the database cannot be used
   */
  public static PipelineResult start(RefreshOptions options, RunListener listener) {
    RefreshPipeline refresh = new RefreshPipeline(options);
    LedgerRun.prepare(options, listener);
    options.as(StreamingOptions.class).setStreaming(true);
    Pipeline pipeline = Pipeline.create(options);
    refresh.build(pipeline);
    return pipeline.run();
  }

  /** For tests, which enter after Kafka. */
  static RefreshPipeline of(RefreshOptions options) {
    return new RefreshPipeline(options);
  }

  void build(Pipeline pipeline) {
    List<PCollection<RejectedRows>> rejected = new ArrayList<>();
    rejected.add(refresh(pipeline.apply("Read requests", kafka.topic(options.getRequestsTopic()))));
    @Nullable String scoresTopic = options.getScoresTopic();
    if (scoresTopic != null) {
      rejected.addAll(storePushedScores(pipeline, scoresTopic));
    }
    writeDeadLetters(rejected);
  }

  PCollection<RejectedRows> refresh(PCollection<KafkaRecord<byte[], byte[]>> records) {
    Checked<ReceivedRequest> requests =
        records.apply("Parse requests", ParseRequests.ofAtMost(options.getMaxProductsPerRequest()));
    Checked<KV<String, ReceivedRequest>> first =
        requests
            .accepted()
            .apply(
                "Suppress repeated",
                SuppressRepeated.within(
                    database, statuses, minRefreshInterval, options.getScoringBatchSize()));
    Checked<ScoreBatch> scored =
        first
            .accepted()
            .apply("Batch items", BatchItems.of(options.getScoringBatchSize(), maxBatchWait))
            .apply("Suppress fresh", ParDo.of(new SuppressFresh(database, minRefreshInterval)))
            .setCoder(ItemsToScoreCoder.of())
            .apply("Score items", ScoreItems.by(scoring, rules));
    PCollection<RejectedRows> notStored =
        scored
            .accepted()
            .apply("Store scores", StoreScores.into(database, writer(), new RefreshMetrics.Lag()));
    return PCollectionList.of(
            List.of(requests.rejected(), first.rejected(), scored.rejected(), notStored))
        .apply("Rejected requests", Flatten.pCollections());
  }

  private List<PCollection<RejectedRows>> storePushedScores(Pipeline pipeline, String topic) {
    Checked<ScoreBatch> parsed =
        pipeline
            .apply(
                "Read pushed scores",
                ReadPushedScores.from(
                    kafka.topic(topic), options.getScoringBatchSize(), maxBatchWait))
            .apply("Parse scores", ParseScores.with(rules, null));
    return List.of(
        parsed.rejected(),
        parsed
            .accepted()
            .apply(
                "Store pushed scores",
                StoreScores.into(database, writer(), CommitListener.NOBODY)));
  }

  void writeDeadLetters(List<PCollection<RejectedRows>> rejected) {
    PCollectionList.of(rejected)
        .apply("All rejected rows", Flatten.pCollections())
        .apply("Write dead letters", WriteDeadLetters.into(database, writer(), Origin.REFRESH));
  }

  /** What dead letters name as the run that saw them. */
  private String writer() {
    return "refresh:" + options.getConsumerGroup();
  }

  private static Duration duration(String option, java.time.Duration value, long leastMillis) {
    if (value.toMillis() < leastMillis || value.toDays() > 7) {
      throw new IllegalArgumentException(
          "%s is %s; it has to be from %s to P7D"
              .formatted(option, value, java.time.Duration.ofMillis(leastMillis)));
    }
    return Duration.millis(value.toMillis());
  }
}
