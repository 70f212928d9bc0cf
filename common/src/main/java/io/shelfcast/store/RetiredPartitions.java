package io.shelfcast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Drops the partitions of model versions that have been retired for as long as they were to be.
 *
 * <p>Each drop is a run in the ledger. Rows are counted before it, while everybody reads and
 * writes; the drop itself is a short transaction that waits for its locks without holding readers
 * up. Writers that come late find the partition gone, and their rows are rejected, as those of a
 * retired version are; a snapshot is not swapped in, nor a partition dropped that one is replacing.
 */
public final class RetiredPartitions {

  /** How long a version's scores stay when nothing else is said: until its successor has proven. */
  public static final Duration DEFAULT_GRACE = Duration.ofDays(7);

  /** What is in use for longer is for the next to drop. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

  private static final String IS_DUE = " status = 'retired' AND drop_after <= now()";

  private static final String DUE =
      "SELECT model_version_id, name FROM model_version WHERE" + IS_DUE + " ORDER BY 1";

  private static final String DUE_STILL =
      "SELECT FROM model_version WHERE model_version_id = ? AND" + IS_DUE;

  private static final String DROPPED =
      "UPDATE model_version SET drop_after = NULL WHERE model_version_id = ?";

  private final Database database;
  private final Duration lockPatience;

  public RetiredPartitions(Database database) {
    this(database, LOCK_PATIENCE);
  }

  /**
   * For tests.
   *
   * @param lockPatience how long a drop tries to get its locks
   */
  RetiredPartitions(Database database, Duration lockPatience) {
    this.database = database;
    this.lockPatience = lockPatience;
  }

  private record Due(Partition partition, String modelVersion) {}

  /**
   * Drops what is due, but for what is just being replaced or dropped by others.
   *
   * @return the runs that did it, or failed to, since somebody uses the partition for long, say
   */
  public List<Removal> dropDue() {
    List<Removal> removals = new ArrayList<>();
    for (Due due : database.inTransaction(RetiredPartitions::due)) {
      drop(due).ifPresent(removals::add);
    }
    return removals;
  }

  /**
   * Drops the partition of a model version, if that is due.
   *
   * @return the run that did it, or failed to; nothing if it is not due, or is just being replaced
   *     or dropped by others
   */
  public Optional<Removal> dropIfDue(String modelVersion) {
    return database.inTransaction(RetiredPartitions::due).stream()
        .filter(due -> due.modelVersion().equals(modelVersion))
        .findFirst()
        .flatMap(this::drop);
  }

  private static List<Due> due(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(DUE);
        ResultSet rows = select.executeQuery()) {
      List<Due> found = new ArrayList<>();
      while (rows.next()) {
        found.add(new Due(Partition.of(rows.getShort(1)), rows.getString(2)));
      }
      return found;
    }
  }

  private Optional<Removal> drop(Due due) {
    return database.onOwnConnection(
        connection -> {
          if (!holds(connection, due.partition()) || !isDue(connection, due.partition())) {
            return Optional.empty();
          }
          connection.commit();
          RunStart start =
              RunStart.now(
                  RunKind.RETIRE, due.partition().table(), due.modelVersion(), "drop", true);
          return Optional.of(
              RemovalRun.execute(database, start, runId -> {}, run -> drop(connection, run, due)));
        });
  }

  private void drop(Connection connection, RemovalRun run, Due due) throws SQLException {
    Partition partition = due.partition();
    try (Statement statement = connection.createStatement()) {
      long rows = count(statement, partition);
      connection.commit();
      // It may be brought back until here, and not from here on.
      ModelRegistry.lock(connection);
      if (!isDue(connection, partition)) {
        throw new IllegalStateException("it was brought back in the meantime; nothing was dropped");
      }
      BriefLocks.take(
          connection,
          partition.table(),
          lockPatience,
          () -> {
            SnapshotSwap.lockRun(connection, run.runId());
            partition.drop(statement);
          });
      try (PreparedStatement update = connection.prepareStatement(DROPPED)) {
        update.setShort(1, partition.modelVersionId());
        update.executeUpdate();
      }
      Watermarks.forget(connection, due.modelVersion());
      run.note(connection, rows);
      run.end(connection);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      if (BriefLocks.isBusy(e)) {
        throw new IllegalStateException(
            partition.table()
                + " is in use; the next full sync, or ./shelfcast cleanup, tries again",
            e);
      }
      throw e;
    } catch (RuntimeException e) {
      connection.rollback();
      throw e;
    }
  }

  /** An expiry has the lock too, for a moment at a time; a swap or another drop for long. */
  private static boolean holds(Connection connection, Partition partition) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (!SnapshotSwap.tryHold(connection, partition)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      connection.rollback();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return true;
  }

  private static boolean isDue(Connection connection, Partition partition) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(DUE_STILL)) {
      select.setShort(1, partition.modelVersionId());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private static long count(Statement statement, Partition partition) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + partition.table())) {
      row.next();
      return row.getLong(1);
    }
  }
}
