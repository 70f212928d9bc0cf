package io.shelfcast.snowflake;

import java.io.PrintWriter;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import net.snowflake.client.api.driver.SnowflakeDriver;
import org.jspecify.annotations.Nullable;

/**
 * Connections to Snowflake, for SnowflakeIO and for us. It is part of the job graph, so it holds
 * references to secrets only; they are looked up on the worker that connects.
 */
final class SnowflakeDataSource implements DataSource, Serializable {
  private static final long serialVersionUID = 1L;

  private final SnowflakeAccount account;

  SnowflakeDataSource(SnowflakeAccount account) {
    this.account = account;
  }

  /**
   * Logs in.
   *
   * @throws SnowflakeException when that fails, saying what to check
   */
  @Override
  public Connection getConnection() {
    try {
      // Not by DriverManager: it would show the secrets to every driver that it knows, and may not
      // know this one where a runner loads our classes by a loader of its own.
      return new SnowflakeDriver().connect(account.jdbcUrl(), account.properties());
    } catch (SQLException e) {
      throw SnowflakeException.of(
          "cannot log in to Snowflake at %s%s"
              .formatted(account.url(), account.user() == null ? "" : " as " + account.user()),
          e);
    } catch (IllegalStateException e) {
      // A secret that is not where its reference says.
      throw new SnowflakeException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is that of the options");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  @Override
  public String toString() {
    return "Snowflake at " + account.url();
  }
}
