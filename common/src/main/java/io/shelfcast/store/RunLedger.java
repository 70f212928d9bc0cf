package io.shelfcast.store;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateVerdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The run ledger: a row for each run, and while the run lasts one for each batch that it applied.
 *
 * <p><b>How the counts are exact.</b> A batch's id depends on nothing but where its rows were read.
 * The transaction that applies a batch first claims the id for the run and last writes what became
 * of the rows. A bundle that is tried again, whether its first attempt committed or not, finds the
 * claim and leaves everything as it is; so each batch counts once. When the run ends, the sum over
 * its batches has to equal the number of rows that its sources gave out, or it does not succeed.
 */
public final class RunLedger {

  private static final String INSERT_RUN =
      "INSERT INTO sync_run"
          + " (run_id, kind, status, source, model_version, write_mode, attached, started_by,"
          + " wal_start) VALUES (?, ?, 'running', ?, ?, ?, ?, ?, pg_current_wal_insert_lsn())"
          + " ON CONFLICT (run_id) DO NOTHING";

  private static final String CLAIM_BATCH =
      "INSERT INTO sync_run_batch (run_id, batch_id) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private static final String SETTLE_BATCH =
      "UPDATE sync_run_batch SET inserted = ?, updated = ?, kept = ?, rejected = ?,"
          + " seconds = extract(epoch FROM clock_timestamp() - now())"
          + " WHERE run_id = ? AND batch_id = ?";

  private static final String NOTE_NEWEST =
      "UPDATE sync_run_batch SET newest = timestamptz 'epoch' + ? * interval '1 microsecond'"
          + " WHERE run_id = ? AND batch_id = ?";

  private static final String BATCH_COUNTS =
      "SELECT inserted, updated, kept, rejected FROM sync_run_batch"
          + " WHERE run_id = ? AND batch_id = ?";

  private static final String SUM =
      "SELECT coalesce(sum(inserted), 0), coalesce(sum(updated), 0), coalesce(sum(kept), 0),"
          + " coalesce(sum(rejected), 0) FROM sync_run_batch WHERE run_id = ?";

  /** The counts come from the caller, the cost from here and the batches. */
  private static final String END =
      " finished_at = clock_timestamp(), read = ?, inserted = ?, updated = ?, kept = ?,"
          + " rejected = ?, wal_bytes = pg_current_wal_insert_lsn() - wal_start,"
          + " database_seconds = ? + (SELECT coalesce(sum(seconds), 0) FROM sync_run_batch b"
          + " WHERE b.run_id = sync_run.run_id) WHERE run_id = ?";

  /** Also of a run that somebody took for dead in the meantime: that it ended well is the truth. */
  private static final String SUCCEED =
      "UPDATE sync_run SET status = 'succeeded', error = NULL, bytes_read = ?, carried_over = ?,"
          + " removed = ?,"
          + Watermarks.SET
          + END;

  /** Nothing became of its rows, so it counts none. */
  private static final String REFUSE =
      "UPDATE sync_run SET status = 'refused', error = ?, bytes_read = ?," + END;

  private static final String PROCESS_GONE = "its process ended before the run did";

  /**
   * Also of a run that was taken for dead in the meantime: what it really failed of is the truth.
   */
  private static final String FAIL =
      "UPDATE sync_run SET status = 'failed', error = ?,"
          + END
          + " AND (status = 'running' OR error = '"
          + PROCESS_GONE
          + "')";

  /** Of runs that were taken for dead, or whose last transactions outlived them. */
  private static final String DELETE_OLD_BATCHES =
      "DELETE FROM sync_run_batch WHERE run_id IN (SELECT run_id FROM sync_run"
          + " WHERE status <> 'running' AND finished_at < now() - interval '1 day')";

  private static final String DELETE_BATCHES = "DELETE FROM sync_run_batch WHERE run_id = ?";

  private static final String GET =
      "SELECT run_id, write_mode, status, read, inserted, updated, kept, rejected, carried_over,"
          + " removed, bytes_read, rows_written, coalesce(wal_bytes, 0), database_seconds, error,"
          + " extract(epoch FROM coalesce(finished_at, clock_timestamp()) - started_at)::float8, gate"
          + " FROM sync_run WHERE run_id = ?";

  /**
   * Runs whose process is gone: they say that they run, and nobody holds their lock. The lock is
   * tried in a second step, because it must be tried on those runs alone.
   */
  private static final String ABANDONED =
      "WITH running AS MATERIALIZED ("
          + " SELECT run_id, started_at, started_by FROM sync_run"
          + " WHERE status = 'running' AND attached FOR UPDATE SKIP LOCKED)"
          + " SELECT run_id, started_at::text, started_by FROM running"
          + " WHERE pg_try_advisory_xact_lock(hashtextextended(run_id, 0)) ORDER BY started_at";

  private final Database database;

  public RunLedger(Database database) {
    this.database = database;
  }

  /** Enters a run that starts now. */
  public void start(RunStart run) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(INSERT_RUN)) {
            insert.setString(1, run.runId());
            insert.setString(2, run.kind().word());
            insert.setString(3, run.source());
            insert.setString(4, run.modelVersion());
            insert.setString(5, run.writeMode());
            insert.setBoolean(6, run.attached());
            insert.setString(7, run.startedBy());
            return insert.executeUpdate();
          }
        });
  }

  /**
   * Ends a run well; or as refused, when the quality gate has said so.
   *
   * @param input what the run's sources gave out, counted apart from the batches
   * @throws IllegalStateException when not each row of it is accounted for
   */
  public RunSummary succeed(String runId, InputSize input) {
    return database.inTransaction(
        connection -> {
          RunSummary known = get(connection, runId);
          if (known.isOver()) {
            // A retry of the step that ends the run; its batches are gone by now.
            return known;
          }
          if (known.isToBeRefused()) {
            return refuse(connection, runId, input);
          }
          RowCounts counts = checkedCounts(connection, runId, input);
          return succeed(connection, runId, counts, new RunSummary.Swap(0, 0), input, 0);
        });
  }

  /**
   * What the run's batches came to.
   *
   * @throws IllegalStateException when that is not all that its sources gave out
   */
  static RowCounts checkedCounts(Connection connection, String runId, InputSize input)
      throws SQLException {
    RowCounts counts = sum(connection, runId);
    if (counts.read() != input.rows()) {
      throw new IllegalStateException(
          "run %s read %d rows but accounts for %d; a row was lost or counted twice"
              .formatted(runId, input.rows(), counts.read()));
    }
    return counts;
  }

  /**
   * Ends a run well, in the caller's transaction.
   *
   * @param seconds database time that the batches do not know of
   */
  static RunSummary succeed(
      Connection connection,
      String runId,
      RowCounts counts,
      RunSummary.Swap swap,
      InputSize input,
      double seconds)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(SUCCEED)) {
      update.setLong(1, input.bytes());
      update.setLong(2, swap.carriedOver());
      update.setLong(3, swap.removed());
      setEnd(update, 4, counts, seconds, runId);
      update.executeUpdate();
    }
    deleteBatches(connection, runId);
    return get(connection, runId);
  }

  /**
   * Ends a run that the quality gate refused, in the caller's transaction.
   *
   * @param input what the run's sources gave out
   */
  static RunSummary refuse(Connection connection, String runId, InputSize input)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(REFUSE)) {
      update.setString(
          1, "refused by the quality gate: " + RunProfiles.failedChecks(connection, runId));
      update.setLong(2, input.bytes());
      setEnd(update, 3, RowCounts.NONE, 0, runId);
      update.executeUpdate();
    }
    deleteBatches(connection, runId);
    return get(connection, runId);
  }

  /**
   * Ends a run that failed, with what it had written until then; no change if it has ended.
   *
   * @throws DatabaseException when the database cannot be reached, which is found out by one
   *     attempt
   */
  public RunSummary fail(String runId, String error) {
    return database.inTransactionOnce(
        connection -> {
          if (markFailed(connection, runId, error)) {
            deleteBatches(connection, runId);
          }
          return get(connection, runId);
        });
  }

  /**
   * Marks as failed the runs whose process was killed, and says which they were. Their rows stay:
   * each batch is whole, and the upsert makes running it again harmless.
   *
   * <p>Locks go with the server, so one that was started anew has none of the runs that are about
   * to connect to it again. Therefore the counts of their batches stay for a day: such a run goes
   * on, and {@link #succeed} finds all of them.
   */
  public List<AbandonedRun> failAbandoned() {
    return database.inTransaction(
        connection -> {
          List<AbandonedRun> found = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(ABANDONED);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              String runId = rows.getString(1);
              found.add(
                  new AbandonedRun(
                      runId, rows.getString(2), rows.getString(3), sum(connection, runId)));
            }
          }
          for (AbandonedRun run : found) {
            markFailed(connection, run.runId(), PROCESS_GONE);
          }
          try (Statement delete = connection.createStatement()) {
            delete.executeUpdate(DELETE_OLD_BATCHES);
          }
          return found;
        });
  }

  /** The run as it stands; while it is running, with what its batches came to so far. */
  public Optional<RunSummary> find(String runId) {
    return database.inTransaction(
        connection -> {
          Optional<RunSummary> found = select(connection, runId);
          return found.isPresent() && found.get().status() == RunStatus.RUNNING
              ? Optional.of(found.get().withCounts(sum(connection, runId)))
              : found;
        });
  }

  /** Whether the batch is now this transaction's to apply; false when it was applied before. */
  boolean claim(Connection connection, String runId, UUID batchId) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(CLAIM_BATCH)) {
      insert.setString(1, runId);
      insert.setObject(2, batchId);
      return insert.executeUpdate() == 1;
    }
  }

  void settle(Connection connection, String runId, UUID batchId, RowCounts counts)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(SETTLE_BATCH)) {
      update.setLong(1, counts.inserted());
      update.setLong(2, counts.updated());
      update.setLong(3, counts.kept());
      update.setLong(4, counts.rejected());
      update.setString(5, runId);
      update.setObject(6, batchId);
      update.executeUpdate();
    }
  }

  /** Notes the greatest scored_at of a batch of a snapshot. */
  void noteNewest(Connection connection, String runId, UUID batchId, long micros)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(NOTE_NEWEST)) {
      update.setLong(1, micros);
      update.setString(2, runId);
      update.setObject(3, batchId);
      update.executeUpdate();
    }
  }

  RowCounts counts(Connection connection, String runId, UUID batchId) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BATCH_COUNTS)) {
      select.setString(1, runId);
      select.setObject(2, batchId);
      return counts(select);
    }
  }

  /** Returns whether it was running until now. */
  private static boolean markFailed(Connection connection, String runId, String error)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FAIL)) {
      update.setString(1, error);
      setEnd(update, 2, sum(connection, runId), 0, runId);
      return update.executeUpdate() == 1;
    }
  }

  private static RowCounts sum(Connection connection, String runId) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SUM)) {
      select.setString(1, runId);
      return counts(select);
    }
  }

  private static RowCounts counts(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return new RowCounts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }
  }

  private static void setEnd(
      PreparedStatement statement, int at, RowCounts counts, double seconds, String runId)
      throws SQLException {
    statement.setLong(at, counts.read());
    statement.setLong(at + 1, counts.inserted());
    statement.setLong(at + 2, counts.updated());
    statement.setLong(at + 3, counts.kept());
    statement.setLong(at + 4, counts.rejected());
    statement.setDouble(at + 5, seconds);
    statement.setString(at + 6, runId);
  }

  private static void deleteBatches(Connection connection, String runId) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE_BATCHES)) {
      delete.setString(1, runId);
      delete.executeUpdate();
    }
  }

  static RunSummary get(Connection connection, String runId) throws SQLException {
    return select(connection, runId)
        .orElseThrow(() -> new IllegalStateException("run " + runId + " is not in the ledger"));
  }

  private static Optional<RunSummary> select(Connection connection, String runId)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(GET)) {
      select.setString(1, runId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        RunStatus status = RunStatus.ofWord(row.getString(3));
        String gate = row.getString(17);
        boolean swapped = row.getString(2).equals("snapshot") && status == RunStatus.SUCCEEDED;
        return Optional.of(
            new RunSummary(
                row.getString(1),
                row.getString(2),
                status,
                new RowCounts(row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8)),
                swapped ? new RunSummary.Swap(row.getLong(9), row.getLong(10)) : null,
                new RunCost(row.getLong(11), row.getLong(12), row.getLong(13), row.getDouble(14)),
                row.getString(15),
                row.getDouble(16),
                gate == null ? null : GateVerdict.ofWord(gate)));
      }
    }
  }
}
