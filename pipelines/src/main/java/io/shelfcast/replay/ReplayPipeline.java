package io.shelfcast.replay;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.RowRules;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.FinishRun;
import io.shelfcast.run.LedgerRun;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.store.RunKind;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.InputSizeCoder;
import io.shelfcast.transforms.ParseScores;
import io.shelfcast.transforms.RawRows;
import io.shelfcast.transforms.TagModelVersion;
import io.shelfcast.transforms.UpsertScores;
import io.shelfcast.transforms.WriteDeadLetters;
import io.shelfcast.transforms.Written;
import java.time.Instant;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Replay: takes the open dead letters through validation and upsert once more, after the cause of
 * their rejection is gone.
 *
 * <p><b>Source.</b> {@code dead_letter}, state {@code open}, as it is when the run starts.
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

  private ReplayPipeline(ReplayOptions options, Instant now) {
    this.options = options;
    this.database = DatabaseOptions.configOf(options);
    this.rules = RowRules.asOf(now, options.getMaxFutureSkew());
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
    return new LedgerRun(
            replay.database,
            RunKind.REPLAY,
            reason == null ? "open dead letters" : "open dead letters: " + reason,
            options.getModelVersion(),
            "merge")
        .execute(options, replay::build, listener);
  }

  void build(Pipeline pipeline, String runId) {
    PCollection<RawRows> letters =
        pipeline.apply(
            "Read dead letters", ReadOpenDeadLetters.from(database, options.getReason()));
    Checked<ScoreBatch> parsed =
        letters.apply("Parse scores", ParseScores.with(rules, options.getModelVersion()));
    Checked<TaggedScores> tagged =
        parsed
            .accepted()
            .apply(
                "Tag model version", TagModelVersion.from(database, options.getOnUnknownModel()));
    Written scores =
        tagged.accepted().apply("Upsert scores", UpsertScores.into(database, runId, Origin.REPLAY));
    Written deadLetters =
        PCollectionList.of(parsed.rejected())
            .and(tagged.rejected())
            .apply("All rejected rows", Flatten.pCollections())
            .apply("Write dead letters", WriteDeadLetters.into(database, runId, Origin.REPLAY));
    letters
        .apply(
            "Count rows",
            MapElements.into(TypeDescriptor.of(InputSize.class))
                .via(rows -> new InputSize(rows.rows().size(), 0)))
        .setCoder(InputSizeCoder.of())
        .apply("Finish run", FinishRun.of(database, runId).after(scores, deadLetters));
  }
}
