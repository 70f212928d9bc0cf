package io.shelfcast.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks that keep readers out, taken without making them wait for those that hold them for long:
 * whoever waits for such a lock has all readers queue up behind him. So it waits for half a second
 * at a time, lets go, and tries again.
 */
final class BriefLocks {

  private static final Logger LOG = LoggerFactory.getLogger(BriefLocks.class);

  private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'";

  private BriefLocks() {}

  /** Work that takes locks, and can be rolled back and done again. */
  interface Work {
    void run() throws SQLException;
  }

  /**
   * Does the work in the transaction that the connection is in, once its locks can be had.
   *
   * @param what is in use, for the log
   * @param patience how long it tries
   * @throws SQLException when they cannot be had for that long, or the work fails of something else
   */
  static void take(Connection connection, String what, Duration patience, Work work)
      throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    Savepoint before = connection.setSavepoint();
    while (true) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(LOCK_TIMEOUT);
        work.run();
        return;
      } catch (SQLException e) {
        if (!isBusy(e) || System.nanoTime() > deadline) {
          throw e;
        }
        LOG.info("waiting, {} is in use: {}", what, e.getMessage());
        connection.rollback(before);
        pause();
      }
    }
  }

  /** Whether others have the locks. */
  static boolean isBusy(SQLException e) {
    return "55P03".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(200, 2000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a lock", e);
    }
  }
}
