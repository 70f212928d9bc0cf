package io.shelfcast.run;

import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DatabaseException;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.RetiredPartitions;
import io.shelfcast.store.RunKind;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.RunLock;
import io.shelfcast.store.RunStart;
import io.shelfcast.store.RunSummary;
import io.shelfcast.store.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The course of a run, the same for all of them: reach the database, bring its schema up to date,
 * clear up after runs that were killed; then enter the run in the ledger, run its pipeline, and see
 * to it that the ledger tells how it ended.
 *
 * @param database the serving database
 * @param kind what the run does
 * @param source what it reads, as the user gave it
 * @param modelVersion the model version of rows that name none
 * @param writeMode how it writes
 */
public record LedgerRun(
    DatabaseConfig database,
    RunKind kind,
    String source,
    @Nullable String modelVersion,
    String writeMode) {

  /**
   * Makes the database ready for a run.
   *
   * @throws IllegalArgumentException when the run could open more connections than the database has
   * @throws DatabaseException when the database cannot be used
   */
  public static void prepare(DatabaseOptions options, RunListener listener) {
    DatabaseConfig config = DatabaseOptions.configOf(options);
    Database.check(config);
    Migrations.migrate(config);
    Database database = Database.shared(config);
    ConnectionBudget.of(options).check(database);
    new RunLedger(database).failAbandoned().forEach(listener::abandonedRunFound);
    List<String> dropped = new Snapshots(database).dropLeftovers();
    if (!dropped.isEmpty()) {
      listener.leftoversDropped(dropped);
    }
    new RetiredPartitions(database).dropDue().forEach(listener::retiredDropped);
  }

  /**
   * Runs a pipeline to its end, on a database that is {@link #prepare ready}. On Dataflow it only
   * submits it, and the pipeline's own last step ends the run.
   *
   * @param options the pipeline's options
   * @param build adds the steps to the pipeline, given the run's id
   * @param listener hears of the course
   * @throws DatabaseException when the database cannot be used, and so there is no run
   */
  @SuppressWarnings("try") // The lock is held, not used.
  public RunResult execute(
      PipelineOptions options, BiConsumer<Pipeline, String> build, RunListener listener) {
    RunLedger ledger = new RunLedger(Database.shared(database));
    boolean attached = AttachedRun.isAttached(options);
    RunStart start = RunStart.now(kind, source, modelVersion, writeMode, attached);
    String runId = start.runId();
    if (!attached) {
      ledger.start(start);
      return submit(ledger, runId, options, build, listener);
    }
    // The lock first: a run without it is taken for dead.
    try (RunLock lock = RunLock.hold(database, runId)) {
      ledger.start(start);
      return submit(ledger, runId, options, build, listener);
    }
  }

  private RunResult submit(
      RunLedger ledger,
      String runId,
      PipelineOptions options,
      BiConsumer<Pipeline, String> build,
      RunListener listener) {
    Instant started = Instant.now();
    listener.started(runId);
    try {
      Pipeline pipeline = Pipeline.create(options);
      build.accept(pipeline, runId);
      boolean unused = AttachedRun.finish(pipeline, options);
      return new RunResult(ledger.find(runId).orElseThrow(), null);
    } catch (RuntimeException e) {
      return new RunResult(failed(ledger, runId, started, e), e);
    }
  }

  private RunSummary failed(
      RunLedger ledger, String runId, Instant started, RuntimeException failure) {
    String message = FailureMessage.of(failure);
    try {
      RunSummary summary = ledger.fail(runId, message);
      dropLeftovers(failure);
      return summary;
    } catch (DatabaseException gone) {
      // The database is what failed. The next run will find this one, and mark it.
      failure.addSuppressed(gone);
      double seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
      return RunSummary.failed(runId, writeMode, message, seconds);
    }
  }

  private void dropLeftovers(RuntimeException failure) {
    try {
      new Snapshots(Database.shared(database)).dropLeftovers();
    } catch (DatabaseException e) {
      // Then the next run does it.
      failure.addSuppressed(e);
    }
  }
}
