package io.shelfcast.store;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.store.Snapshots.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a loaded table the partition of its model version.
 *
 * <ol>
 *   <li>Builds the primary key. Keys that stand there twice make it fail; then the rows are written
 *       once more, the greatest of each key.
 *   <li>Sets a trigger on the old partition that notes the keys written from then on.
 *   <li>Finds the old partition's rows that the new set lacks, or has a lesser row for, and carries
 *       over those that are newer than the input. This takes a while, during which the old
 *       partition is read and written as ever.
 *   <li>Lets writers wait, does the same for the keys that the trigger noted, swaps, and ends the
 *       run: some milliseconds. To get the locks it waits half a second at a time, since readers
 *       queue up behind it, and lets go and tries again.
 * </ol>
 *
 * <p>3 and 4 are one transaction with what the ledger says of it. If it breaks off, nothing has
 * happened, and it can be done again from 1, where it finds the key.
 */
final class SnapshotSwap {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSwap.class);

  private static final String TRIGGER = "log_snapshot_change";

  private static final Duration LOCK_PATIENCE = Duration.ofMinutes(10);

  /** One swap of a model version at a time; let go when the connection closes. */
  private static final String LOCK_MODEL =
      "SELECT pg_advisory_lock(hashtextextended('shelfcast.snapshot.' || ?, 0))";

  private static final String TRY_LOCK_MODEL =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('shelfcast.snapshot.' || ?, 0))";

  private static final String TRY_HOLD_MODEL =
      "SELECT pg_try_advisory_lock(hashtextextended('shelfcast.snapshot.' || ?, 0))";

  private static final String FIND_TRIGGER =
      "SELECT FROM pg_trigger WHERE tgrelid = to_regclass(?) AND tgname = ?";

  private static final String IS_RETIRED =
      "SELECT FROM model_version WHERE model_version_id = ? AND status = 'retired'";

  private static final String COLUMNS =
      "store_id, product_id, scored_at, score, model_version_id, origin";

  private final Connection connection;
  private final Snapshot snapshot;
  private final Partition partition;
  private final String table;
  private final String storage;
  private final long started = System.nanoTime();

  SnapshotSwap(Connection connection, Snapshot snapshot, String storage) {
    this.connection = connection;
    this.snapshot = snapshot;
    this.partition = snapshot.partition();
    this.table = snapshot.table();
    this.storage = storage;
  }

  RunSummary swap(RowCounts loaded, InputSize input) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK_MODEL);
        Statement statement = connection.createStatement()) {
      lock.setShort(1, partition.modelVersionId());
      lock.execute();
      RunSummary known = RunLedger.get(connection, snapshot.runId());
      if (known.status() == RunStatus.SUCCEEDED) {
        // An attempt whose end nobody heard of was still at it.
        return known;
      }
      checkNotRetired();
      long rows = buildKey(statement, loaded.inserted());
      connection.commit();
      LOG.info("{}: key built after {} s", table, seconds());
      noteChanges(statement);
      connection.commit();
      OldRows old = OldRows.of(connection, snapshot);
      old.firstPass();
      LOG.info("{}: old rows looked at after {} s", table, seconds());
      lastPassAndReplace(statement, old);
      RunSummary summary = end(statement, loaded, input, rows, old.counts());
      connection.commit();
      LOG.info("{}: in place after {} s", table, seconds());
      return summary;
    }
  }

  /** Its partition is dropped, or about to be: under the same lock, so that neither meets half. */
  private void checkNotRetired() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(IS_RETIRED)) {
      select.setShort(1, partition.modelVersionId());
      try (ResultSet retired = select.executeQuery()) {
        if (retired.next()) {
          throw new IllegalStateException(
              "model version '%s' is retired; nothing was changed. ./shelfcast models register"
                      .formatted(snapshot.modelVersion())
                  + " brings it back.");
        }
      }
    }
  }

  /** Returns the number of rows, which is that of the keys now. */
  private long buildKey(Statement statement, long loaded) throws SQLException {
    if (hasKey()) {
      return count(statement);
    }
    statement.execute("SET LOCAL maintenance_work_mem = '256MB'");
    Savepoint before = connection.setSavepoint();
    try {
      Partition.addKey(statement, table);
      return loaded;
    } catch (SQLException e) {
      if (!"23505".equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
    }
    LOG.info("{}: keys stand there twice; writing the greatest of each", table);
    keepGreatest(statement);
    Partition.addKey(statement, table);
    return count(statement);
  }

  /** An earlier attempt may have come that far. */
  private boolean hasKey() throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'p'")) {
      find.setString(1, table);
      try (ResultSet found = find.executeQuery()) {
        return found.next();
      }
    }
  }

  private void keepGreatest(Statement statement) throws SQLException {
    String all = table + "_all";
    statement.execute("SET LOCAL work_mem = '256MB'");
    statement.execute("ALTER TABLE %s RENAME TO %s".formatted(table, all));
    partition.createAside(statement, table, storage);
    statement.execute(
        """
        INSERT INTO %1$s (%3$s)
        SELECT DISTINCT ON (store_id, product_id) %3$s FROM %2$s
        ORDER BY store_id, product_id, scored_at DESC, score DESC"""
            .formatted(table, all, COLUMNS));
    statement.execute("DROP TABLE " + all);
  }

  private long count(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Waits for transactions that write to the partition, so that none goes unnoticed. */
  private void noteChanges(Statement statement) throws SQLException {
    BriefLocks.take(
        connection,
        partition.table(),
        LOCK_PATIENCE,
        () ->
            statement.execute(
                """
                CREATE OR REPLACE TRIGGER %1$s AFTER INSERT OR UPDATE ON %2$s
                FOR EACH ROW EXECUTE FUNCTION %1$s()"""
                    .formatted(TRIGGER, partition.table())));
  }

  /**
   * Keeps swaps of this model version off until the connection closes; false when one is under way.
   */
  static boolean tryHold(Connection connection, Partition partition) throws SQLException {
    return tryLock(connection, TRY_HOLD_MODEL, partition);
  }

  /** Whether nobody is swapping this model version; nobody will until the transaction ends. */
  static boolean isFree(Connection connection, Partition partition) throws SQLException {
    return tryLock(connection, TRY_LOCK_MODEL, partition);
  }

  private static boolean tryLock(Connection connection, String sql, Partition partition)
      throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(sql)) {
      lock.setShort(1, partition.modelVersionId());
      try (ResultSet row = lock.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Drops the trigger if it stands, without asking for the lock if it does not. */
  static void dropTrigger(Connection connection, Partition partition) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND_TRIGGER);
        Statement statement = connection.createStatement()) {
      find.setString(1, partition.table());
      find.setString(2, TRIGGER);
      try (ResultSet found = find.executeQuery()) {
        if (found.next()) {
          statement.execute("DROP TRIGGER %s ON %s".formatted(TRIGGER, partition.table()));
        }
      }
    }
  }

  private void lastPassAndReplace(Statement statement, OldRows old) throws SQLException {
    BriefLocks.take(
        connection,
        partition.table(),
        LOCK_PATIENCE,
        () -> {
          lockRun(connection, snapshot.runId());
          // Writers wait from here, and find the new partition when they may go on.
          statement.execute(
              "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE".formatted(partition.table()));
          old.lastPass();
          partition.replaceBy(statement, table);
        });
  }

  /** Here, where it can be waited for: whoever looks for killed runs locks it as well. */
  static void lockRun(Connection connection, String runId) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT FROM sync_run WHERE run_id = ? FOR NO KEY UPDATE")) {
      lock.setString(1, runId);
      lock.execute();
    }
  }

  private RunSummary end(
      Statement statement, RowCounts loaded, InputSize input, long rows, OldRows.Counts old)
      throws SQLException {
    statement.execute("ALTER TABLE %s RESET (autovacuum_enabled)".formatted(partition.table()));
    // Kept is also what lost to another row of its key: in the input, or in the old partition.
    long inserted = rows - old.overtaking();
    long kept = loaded.kept() + loaded.inserted() - inserted;
    Snapshots.forget(connection, snapshot);
    return RunLedger.succeed(
        connection,
        snapshot.runId(),
        new RowCounts(inserted, 0, kept, loaded.rejected()),
        new RunSummary.Swap(old.newer(), old.removed()),
        input,
        seconds());
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
