package io.shelfcast.fullsync;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateLimits;
import io.shelfcast.quality.GateMode;
import io.shelfcast.quality.RowRules;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.FinishRun;
import io.shelfcast.run.LedgerRun;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.SnowflakeInput;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Materiality;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.Origin;
import io.shelfcast.store.RunKind;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.GateSettings;
import io.shelfcast.transforms.HoldForVerdict;
import io.shelfcast.transforms.JudgeInput;
import io.shelfcast.transforms.LoadSnapshot;
import io.shelfcast.transforms.TagModelVersion;
import io.shelfcast.transforms.UpsertScores;
import io.shelfcast.transforms.ValidateScores;
import io.shelfcast.transforms.WriteDeadLetters;
import io.shelfcast.transforms.Written;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Full sync: brings score files, or a table in Snowflake, into the serving database.
 *
 * <p><b>Source.</b> Parquet and CSV files by path or glob, on any file system of Beam; all files
 * are opened and their columns checked before the first row is written. Or a table or query in
 * Snowflake, which unloads its rows to files; of a table a run may read only what changed since the
 * run before.
 *
 * <p><b>Sink.</b> PostgreSQL: {@code availability_score}, and {@code dead_letter} for rows that
 * cannot be applied.
 *
 * <p><b>Quality gate.</b> All rows are profiled and judged before any becomes visible; a run that
 * is refused writes no score and no dead letter, and moves no watermark. What it may leave is a
 * model version that was new: registered, as shadow, and empty.
 *
 * <p><b>Write modes.</b> A merge waits for the verdict and then upserts batch by batch: readers see
 * each as it comes. A snapshot copies the batches into a table aside meanwhile, and swaps it in as
 * the model version's partition when all are in and the verdict is good: readers see all of the old
 * set or all of the new one.
 *
 * <p><b>Delivery.</b> Every row is applied at least once, which under the guarded upsert comes to
 * the same as once, and is counted exactly once in the run ledger ({@link
 * io.shelfcast.store.RunLedger}).
 *
 * <p><b>A retry</b> of a step, or of the whole run, changes nothing that is there and counts
 * nothing twice. Transient errors of the database are retried for up to two minutes; after that, or
 * on any other error, the run fails.
 *
 * <p><b>A crash</b> of a merge leaves the batches committed until then, each whole; they are right,
 * and running again adds the rest. One of a snapshot leaves a table that nobody reads, which the
 * next run drops. The ledger shows the run as running until the next run finds that its process is
 * gone, and marks it as failed.
 */
public final class FullSyncPipeline {

  private static final Logger LOG = LoggerFactory.getLogger(FullSyncPipeline.class);

  private final DatabaseConfig database;
  private final ScoreSource source;
  private final RowRules rules;
  private final FullSyncOptions options;
  private final Materiality materiality;
  private final GateLimits limits;
  private final Instant now;

  private FullSyncPipeline(FullSyncOptions options, Instant now) {
    this.options = options;
    this.now = now;
    this.limits = GateOptions.limitsOf(options);
    this.database = DatabaseOptions.configOf(options);
    this.rules = RowRules.asOf(now, options.getMaxFutureSkew());
    this.source = source(options, database, rules);
    if (options.getBatchSize() < 1 || options.getBatchSize() > 1_000_000) {
      throw new IllegalArgumentException(
          "--batchSize is %d; it has to be from 1 to 1000000".formatted(options.getBatchSize()));
    }
    this.materiality = new Materiality(options.getMinScoreChange(), options.getTouchAfter());
    if (options.getWriteMode() == WriteMode.snapshot && !materiality.isAll()) {
      throw new IllegalArgumentException(
          "--minScoreChange is for --writeMode=merge; a snapshot takes every score as it is");
    }
    if (options.getWriteMode() == WriteMode.snapshot && source.isIncremental()) {
      throw new IllegalArgumentException(
          "--increment is for --writeMode=merge; a snapshot wants all rows: --increment=none");
    }
    if (options.isInputIsComplete() && source.isIncremental()) {
      throw new IllegalArgumentException(
          "--inputIsComplete is not for an increment, which has only what changed");
    }
    if (options.getShards() < 0) {
      throw new IllegalArgumentException(
          "--shards is %d; it has to be zero or more".formatted(options.getShards()));
    }
    if (options.getMaxFutureSkew().isNegative()) {
      throw new IllegalArgumentException(
          "--maxFutureSkew is %s; it has to be zero or more".formatted(options.getMaxFutureSkew()));
    }
  }

  /** With rules as of now. */
  static FullSyncPipeline of(FullSyncOptions options) {
    return new FullSyncPipeline(options, Instant.now());
  }

  /** Runs on the runner that the arguments name; ends with an exception when the run fails. */
  public static void main(String[] args) {
    PipelineOptionsFactory.register(FullSyncOptions.class);
    FullSyncOptions options =
        PipelineOptionsFactory.fromArgs(args).withValidation().as(FullSyncOptions.class);
    run(options, RunListener.SILENT).orThrow();
  }

  /**
   * Does one full sync.
   *
   * @throws IllegalArgumentException when an option is wrong, saying which and what to write
   *     instead
   * @throws io.shelfcast.store.DatabaseException when the database cannot be used
   */
  public static RunResult run(FullSyncOptions options, RunListener listener) {
    FullSyncPipeline fullSync = of(options);
    LedgerRun.prepare(options, listener);
    WriteMode mode = fullSync.writeMode(listener);
    return new LedgerRun(
            fullSync.database,
            RunKind.FULL_SYNC,
            fullSync.source.name(),
            options.getModelVersion(),
            mode.name())
        .execute(
            options,
            (pipeline, runId) -> fullSync.build(pipeline, runId, mode, listener),
            listener);
  }

  private WriteMode writeMode(RunListener listener) {
    if (options.getWriteMode() != WriteMode.auto) {
      return options.getWriteMode();
    }
    WriteModeChoice choice = chooseWriteMode();
    String decision =
        "--writeMode=auto takes %s, because %s".formatted(choice.mode(), choice.why());
    LOG.info(decision);
    listener.decided(decision);
    return choice.mode();
  }

  private WriteModeChoice chooseWriteMode() {
    String modelVersion = options.getModelVersion();
    if (source.isIncremental()) {
      return WriteModeChoice.merge(
          "--increment=%s is for merges".formatted(options.getIncrement()));
    }
    if (!options.isInputIsComplete()) {
      return WriteModeChoice.merge("--inputIsComplete does not say that the input is complete");
    }
    if (modelVersion == null) {
      return WriteModeChoice.merge("--modelVersion does not say whose scores the input has all of");
    }
    if (!materiality.isAll()) {
      return WriteModeChoice.merge("--minScoreChange is for merges");
    }
    long held = new ModelRegistry(Database.shared(database)).aboutHowManyScores(modelVersion);
    return WriteModeChoice.forComplete(held == 0 ? 0 : source.aboutHowManyRows(), held);
  }

  private static ScoreSource source(
      FullSyncOptions options, DatabaseConfig database, RowRules rules) {
    ScoreFiles files =
        new ScoreFiles(
            ColumnMapping.parse(options.getColumns()),
            checkedModelVersion(options.getModelVersion()),
            rules);
    List<String> globs = options.getInput();
    if (SnowflakeInput.isMeantBy(options)) {
      if (globs != null) {
        throw new IllegalArgumentException(
            "--input is for files and --snowflakeTable for Snowflake; write one of the two");
      }
      return new SnowflakeSource(
          SnowflakeInput.of(options), database, files, options.getShards(), options.getBatchSize());
    }
    if (globs == null) {
      throw new IllegalArgumentException(
          "--input is missing: name the score files, or --snowflakeTable or --snowflakeQuery");
    }
    return new FileSource(globs, files, options.getShards(), options.getBatchSize());
  }

  void build(Pipeline pipeline, String runId, WriteMode mode, RunListener listener) {
    ScoreSource.Reading reading = source.read(pipeline, runId, listener);
    ReadScores.Result rows = reading.rows();
    Checked<ScoreBatch> valid = rows.batches().apply("Validate scores", ValidateScores.with(rules));
    Checked<TaggedScores> tagged =
        valid
            .accepted()
            .apply(
                "Tag model version", TagModelVersion.from(database, options.getOnUnknownModel()));
    PCollection<RejectedRows> rejected =
        PCollectionList.of(List.of(rows.rejected(), valid.rejected(), tagged.rejected()))
            .apply("All rejected rows", Flatten.pCollections());
    FinishRun finish =
        mode == WriteMode.snapshot
            ? FinishRun.bySwappingIn(database, runId, options.getModelVersion())
            : FinishRun.of(database, runId);
    PCollection<TaggedScores> accepted = tagged.accepted();
    if (options.getGate() != GateMode.off) {
      PCollection<Boolean> verdict =
          PCollectionList.of(JudgeInput.profile(accepted))
              .and(JudgeInput.profileRejected(rejected))
              .apply(
                  "Judge input",
                  JudgeInput.of(database, runId, gateSettings(extent(mode, reading))));
      PCollectionView<Boolean> passed = verdict.apply("Verdict", View.asSingleton());
      if (mode != WriteMode.snapshot) {
        // Nobody sees a snapshot before it is swapped in, and FinishRun does that.
        accepted = accepted.apply("Hold scores", HoldForVerdict.of(passed));
      }
      rejected = rejected.apply("Hold rejected rows", HoldForVerdict.of(passed));
      finish = finish.and(verdict);
    }
    Written scores =
        accepted.apply(
            mode == WriteMode.snapshot ? "Load snapshot" : "Upsert scores", writing(mode, runId));
    Written deadLetters =
        rejected.apply(
            "Write dead letters", WriteDeadLetters.into(database, runId, Origin.FULL_SYNC));
    rows.sizes().apply("Finish run", finish.after(scores, deadLetters));
  }

  private PTransform<PCollection<TaggedScores>, Written> writing(WriteMode mode, String runId) {
    return mode == WriteMode.snapshot
        ? LoadSnapshot.into(database, runId)
        : UpsertScores.into(database, runId, Origin.FULL_SYNC).withMateriality(materiality);
  }

  private GateSettings gateSettings(Extent extent) {
    return new GateSettings(
        limits,
        options.getGate(),
        options.isForce() ? options.getReason() : null,
        options.getModelVersion(),
        extent,
        now);
  }

  private Extent extent(WriteMode mode, ScoreSource.Reading reading) {
    if (reading.isIncrement()) {
      return Extent.INCREMENT;
    }
    return mode == WriteMode.snapshot || options.isInputIsComplete()
        ? Extent.COMPLETE
        : Extent.PART;
  }

  private static @Nullable String checkedModelVersion(@Nullable String name) {
    if (name != null && !ModelVersion.isValidName(name)) {
      throw new IllegalArgumentException(
          "--modelVersion is '%s'; write 1 to 64 of letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
    return name;
  }
}
