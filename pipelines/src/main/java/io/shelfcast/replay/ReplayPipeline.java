package io.shelfcast.replay;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.RowRules;
import io.shelfcast.refresh.ItemsToScore;
import io.shelfcast.refresh.ScoreItems;
import io.shelfcast.refresh.ScoringOptions;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.FinishRun;
import io.shelfcast.run.LedgerRun;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.scoring.ScoringConfig;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DeadLetters;
import io.shelfcast.store.Origin;
import io.shelfcast.store.RunKind;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.InputSizeCoder;
import io.shelfcast.transforms.ParseScores;
import io.shelfcast.transforms.RawRows;
import io.shelfcast.transforms.RulesSource;
import io.shelfcast.transforms.TagModelVersion;
import io.shelfcast.transforms.UpsertScores;
import io.shelfcast.transforms.WriteDeadLetters;
import io.shelfcast.transforms.Written;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Replay: takes the open dead letters through validation and upsert once more, after the cause of
 * their rejection is gone.
 *
 * <p><b>Source.</b> {@code dead_letter}, state {@code open}, as it is when the run starts. Score
 * rows are read again; the scores that refresh requests asked for are asked for again, if {@code
 * --scoringUrl} says where.
 *
 * <p><b>Sink.</b> {@code availability_score}. A letter whose row was applied becomes {@code
 * replayed} in the transaction that applied it; one that is rejected again stays open, with the new
 * reason and one attempt more.
 *
 * <p><b>Delivery, retries, crashes</b> as {@link io.shelfcast.fullsync.FullSyncPipeline}. Replaying
 * again finds only what is still open, so doing it twice changes nothing.
 */
public final class ReplayPipeline {

  private final DatabaseConfig database;
  private final RowRules rules;
  private final ReplayOptions options;
  private final List<ModelStatus> statuses;

  /** Null when there is none to ask. */
  private final @Nullable ScoringConfig scoring;

  private ReplayPipeline(ReplayOptions options, Instant now) {
    this.options = options;
    this.database = DatabaseOptions.configOf(options);
    this.rules = RowRules.asOf(now, options.getMaxFutureSkew());
    this.statuses = ScoringOptions.statusesOf(options);
    this.scoring = options.getScoringUrl() == null ? null : ScoringOptions.scoringOf(options);
  }

  /** Runs on the runner that the arguments name; ends with an exception when the run fails. */
  public static void main(String[] args) {
    PipelineOptionsFactory.register(ReplayOptions.class);
    ReplayOptions options =
        PipelineOptionsFactory.fromArgs(args).withValidation().as(ReplayOptions.class);
    run(options, RunListener.SILENT).orThrow();
  }

  /**
   * Does one replay.
   *
   * @throws IllegalArgumentException when an option is wrong, saying which and what to write
   *     instead
   * @throws io.shelfcast.store.DatabaseException when the database cannot be used
   */
  public static RunResult run(ReplayOptions options, RunListener listener) {
    ReplayPipeline replay = new ReplayPipeline(options, Instant.now());
    LedgerRun.prepare(options, listener);
    String reason = options.getReason();
    if (replay.scoring == null) {
      long left =
          new DeadLetters(Database.shared(replay.database))
              .countOpen(InputKind.REFRESH_REQUEST, reason);
      if (left > 0) {
        listener.decided(
            "%,d open dead letters are refresh requests, which take a scoring API to replay; they"
                    .formatted(left)
                + " are left, as --scoringUrl names none");
      }
    }
    return new LedgerRun(
            replay.database,
            RunKind.REPLAY,
            reason == null ? "open dead letters" : "open dead letters: " + reason,
            options.getModelVersion(),
            "merge")
        .execute(options, replay::build, listener);
  }

  void build(Pipeline pipeline, String runId) {
    PCollection<RawRows> rows =
        pipeline.apply(
            "Read dead letters", ReadOpenDeadLetters.from(database, options.getReason()));
    Checked<ScoreBatch> parsed =
        rows.apply("Parse scores", ParseScores.with(rules, options.getModelVersion()));
    PCollectionList<ScoreBatch> scores = PCollectionList.of(parsed.accepted());
    PCollectionList<RejectedRows> rejected = PCollectionList.of(parsed.rejected());
    PCollectionList<InputSize> sizes =
        PCollectionList.of(
            rows.apply("Count rows", sizes(raw -> raw.rows().size()))
                .setCoder(InputSizeCoder.of()));
    if (scoring != null) {
      Checked<ItemsToScore> requests =
          pipeline.apply(
              "Read requests",
              ReadOpenRequests.from(
                  database,
                  runId,
                  new ReadOpenRequests.Filter(
                      options.getReason(),
                      statuses,
                      options.getMaxProductsPerRequest(),
                      options.getScoringBatchSize())));
      Checked<ScoreBatch> scored =
          requests
              .accepted()
              .apply(
                  "Score items",
                  // These scores are made while the run lasts.
                  ScoreItems.by(scoring, RulesSource.asOfNow(options.getMaxFutureSkew())));
      // The API may answer otherwise when it is asked again, and an item must not be counted
      // twice: what it answered is kept before it is used.
      scores = scores.and(scored.accepted().apply("Keep scores", Reshuffle.viaRandomKey()));
      rejected =
          rejected
              .and(requests.rejected())
              .and(scored.rejected().apply("Keep unscored", Reshuffle.viaRandomKey()));
      sizes =
          sizes
              .and(
                  requests
                      .accepted()
                      .apply("Count items", sizes(ItemsToScore::size))
                      .setCoder(InputSizeCoder.of()))
              .and(
                  requests
                      .rejected()
                      .apply("Count rejected", sizes(r -> r.rows().size()))
                      .setCoder(InputSizeCoder.of()));
    }
    Checked<TaggedScores> tagged =
        scores
            .apply("All scores", Flatten.pCollections())
            .apply(
                "Tag model version", TagModelVersion.from(database, options.getOnUnknownModel()));
    Written written =
        tagged.accepted().apply("Upsert scores", UpsertScores.into(database, runId, Origin.REPLAY));
    Written deadLetters =
        rejected
            .and(tagged.rejected())
            .apply("All rejected rows", Flatten.pCollections())
            .apply("Write dead letters", WriteDeadLetters.into(database, runId, Origin.REPLAY));
    sizes
        .apply("All sizes", Flatten.pCollections())
        .apply("Finish run", FinishRun.of(database, runId).after(written, deadLetters));
  }

  private static <T> MapElements<T, InputSize> sizes(SerializableFunction<T, Integer> rows) {
    return MapElements.into(TypeDescriptor.of(InputSize.class))
        .via((T element) -> new InputSize(rows.apply(element), 0));
  }
}
