package io.shelfcast.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The sign that a run's process lives: an advisory lock on a connection of its own, which the
 * server lets go of as soon as the process is gone, however it went.
 */
public final class RunLock implements AutoCloseable {

  private static final String LOCK = "SELECT pg_advisory_lock(hashtextextended(?, 0))";

  private final Connection connection;

  private RunLock(Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the lock of a run. To be done before the run is entered in the ledger.
   *
   * @throws DatabaseException when the database cannot be reached
   */
  public static RunLock hold(DatabaseConfig config, String runId) {
    try {
      Connection connection =
          DriverManager.getConnection(config.jdbcUrl(), Database.properties(config));
      try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
        lock.setString(1, runId);
        lock.execute();
        return new RunLock(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e, config);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot let go of the run's lock", e);
    }
  }
}
