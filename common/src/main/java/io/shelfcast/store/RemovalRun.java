package io.shelfcast.store;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run that removes scores, without a pipeline: in the ledger, under its lock, from start to end.
 * What it removes is entered by the transaction that removes it, so that the ledger is right
 * however the run ends.
 */
final class RemovalRun {

  private static final String NOTE =
      "UPDATE sync_run SET removed = removed + ?, database_seconds = database_seconds"
          + " + extract(epoch FROM clock_timestamp() - now()) WHERE run_id = ?";

  private static final String SO_FAR =
      "SELECT removed, database_seconds FROM sync_run WHERE run_id = ?";

  private final Database database;
  private final RunStart start;
  private final long began = System.nanoTime();

  /** Known to this process; only told when the ledger cannot be asked. */
  private long removed;

  private RemovalRun(Database database, RunStart start) {
    this.database = database;
    this.start = start;
  }

  /** Removes scores, and {@link #end ends} the run. */
  interface Work {
    void remove(RemovalRun run) throws SQLException;
  }

  /**
   * Does a run from its start to its end, which is told, not thrown.
   *
   * @param started hears the run's name when it is in the ledger
   * @throws DatabaseException when there is no run, since the database cannot be used
   */
  @SuppressWarnings("try") // The lock is held, not used.
  static Removal execute(Database database, RunStart start, Consumer<String> started, Work work) {
    // The lock first: a run without it is taken for dead.
    try (RunLock lock = RunLock.hold(database.config(), start.runId())) {
      new RunLedger(database).start(start);
      started.accept(start.runId());
      RemovalRun run = new RemovalRun(database, start);
      try {
        work.remove(run);
        return run.ended(new RunLedger(database).find(start.runId()).orElseThrow(), null);
      } catch (SQLException e) {
        return run.failed(DatabaseException.of(e, database.config()));
      } catch (RuntimeException e) {
        return run.failed(e);
      }
    }
  }

  String runId() {
    return start.runId();
  }

  /** Enters rows that the connection's transaction removes. */
  void note(Connection connection, long rows) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(NOTE)) {
      update.setLong(1, rows);
      update.setString(2, start.runId());
      update.executeUpdate();
    }
    removed += rows;
  }

  /** Ends the run well, in the connection's transaction. */
  void end(Connection connection) throws SQLException {
    SoFar soFar = soFar(connection);
    RunLedger.succeed(
        connection,
        start.runId(),
        RowCounts.NONE,
        new RunSummary.Swap(0, soFar.removed()),
        InputSize.NONE,
        soFar.seconds());
  }

  private Removal failed(RuntimeException failure) {
    try {
      String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
      return ended(new RunLedger(database).fail(start.runId(), message), failure);
    } catch (DatabaseException gone) {
      // The database is what failed. The next run will find this one, and mark it.
      failure.addSuppressed(gone);
      double seconds = (System.nanoTime() - began) / 1e9;
      return new Removal(
          start.runId(), start.modelVersion(), RunStatus.FAILED, removed, seconds, failure);
    }
  }

  private Removal ended(RunSummary run, @Nullable RuntimeException failure) {
    long inLedger = database.inTransaction(this::soFar).removed();
    return new Removal(
        run.runId(), start.modelVersion(), run.status(), inLedger, run.seconds(), failure);
  }

  /** What the ledger has of the run: rows removed, and time in the database. */
  private record SoFar(long removed, double seconds) {}

  private SoFar soFar(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SO_FAR)) {
      select.setString(1, start.runId());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new SoFar(row.getLong(1), row.getDouble(2));
      }
    }
  }
}
