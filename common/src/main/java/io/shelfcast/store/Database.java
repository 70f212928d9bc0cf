package io.shelfcast.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this JVM to one serving database, and the one way to use them: a transaction
 * that is retried when the error is worth it.
 *
 * <p>One pool per JVM and database, however many threads and steps use it, so that the number of
 * connections of a job is workers × {@link DatabaseConfig#maxConnections()} at the most. It
 * connects when it is first used, not when it is made.
 */
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private static final Map<DatabaseConfig, Database> SHARED = new ConcurrentHashMap<>();

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  // Threads outnumber connections, so waiting for one is normal; what is not is waiting this long.
  private static final Duration POOL_WAIT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT_POOL_WAIT = Duration.ofSeconds(1);

  /** Bounds what takes long in its nature, and longer the more rows there are. */
  static final Duration LONG_STATEMENT_TIMEOUT = Duration.ofHours(6);

  private final DatabaseConfig config;
  private final RetryPolicy<Object> retries;
  private final HikariDataSource pool;
  private final ExecutorService threads;

  private Database(DatabaseConfig config, RetryPolicy<Object> retries, Duration poolWait) {
    this.config = config;
    this.retries = retries;
    this.pool = pool(config, poolWait);
    this.threads =
        Executors.newFixedThreadPool(
            config.maxConnections(),
            work -> {
              Thread thread = new Thread(work, "shelfcast-database");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The database of these settings; the same one for everybody in this JVM. */
  public static Database shared(DatabaseConfig config) {
    return SHARED.computeIfAbsent(config, c -> new Database(c, defaultRetries(), POOL_WAIT));
  }

  /**
   * A database of the caller's own, to be closed, which does not try again: for who asks every few
   * seconds anyway, and wants to know at once that it does not answer.
   */
  public static Database impatient(DatabaseConfig config) {
    return new Database(
        config, RetryPolicy.builder().withMaxRetries(0).build(), IMPATIENT_POOL_WAIT);
  }

  /** Closes every pool of this JVM, as a program does on its way out. */
  public static void closeAll() {
    SHARED
        .values()
        .removeIf(
            database -> {
              database.close();
              return true;
            });
  }

  /** Closes its connections. */
  @Override
  public void close() {
    threads.shutdownNow();
    pool.close();
  }

  /**
   * Connects once, without the pool and without a retry, so that a wrong address or password is
   * told at once and not after the pool has given up.
   *
   * @throws DatabaseException when that does not work
   */
  public static void check(DatabaseConfig config) {
    Properties properties = properties(config);
    try {
      DriverManager.getConnection(config.jdbcUrl(), properties).close();
    } catch (SQLException e) {
      throw DatabaseException.of(e, config);
    }
  }

  public DatabaseConfig config() {
    return config;
  }

  /**
   * Does the work in one transaction and commits it. On a transient error, a lost connection, say,
   * all of it is rolled back and done again, a bounded number of times with growing pauses. When
   * the connection breaks during the commit, the work may be done twice: it has to stand that, as
   * everything here does.
   *
   * @throws DatabaseException when the error is not transient, or does not go away
   */
  public <T> T inTransaction(SqlFunction<T> work) {
    return retried(() -> attempt(work));
  }

  /**
   * Like {@link #inTransaction}, but tries only once: for what is done on the way out, when the
   * database may be what failed, and for what must not be done twice.
   *
   * @throws DatabaseException when that does not work
   */
  public <T> T inTransactionOnce(SqlFunction<T> work) {
    try {
      return attempt(work);
    } catch (SQLException e) {
      throw DatabaseException.of(e, config);
    }
  }

  /**
   * Does long work, the building of an index, say, on a connection of its own, without auto-commit,
   * on which a statement may take {@link #LONG_STATEMENT_TIMEOUT}. The work makes its own
   * transactions; what it has not committed is rolled back. Retried as {@link #inTransaction} is,
   * so it has to pick up where it was.
   *
   * @throws DatabaseException when the error is not transient, or does not go away
   */
  public <T> T onOwnConnection(SqlFunction<T> work) {
    return retried(
        () -> {
          Properties properties = properties(config);
          properties.setProperty(
              "socketTimeout", String.valueOf(LONG_STATEMENT_TIMEOUT.toSeconds() + 30));
          try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), properties)) {
            try (Statement statement = connection.createStatement()) {
              statement.execute("SET statement_timeout = " + LONG_STATEMENT_TIMEOUT.toMillis());
            }
            // What is seen has to be what is there now, whatever the server's default is.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            return work.apply(connection);
          }
        });
  }

  private <T> T retried(CheckedSupplier<T> attempt) {
    try {
      return Failsafe.with(retries).get(attempt);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof SQLException sql) {
        throw DatabaseException.of(sql, config);
      }
      throw e;
    }
  }

  private <T> T attempt(SqlFunction<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try {
        T result = work.apply(connection);
        connection.commit();
        return result;
      } catch (Throwable e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  /** The greatest number of connections that the server lets ordinary users open, all together. */
  public int connectionLimit() {
    return inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT current_setting('max_connections')::int"
                          + " - current_setting('superuser_reserved_connections')::int"
                          + " - coalesce(current_setting('reserved_connections', true)::int, 0)")) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  /**
   * Does work of this database on another thread, of which there are as many as connections; the
   * rest waits its turn, so bound what is submitted.
   */
  public <T> Future<T> submit(Callable<T> work) {
    return threads.submit(work);
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and with it the transaction; the first error tells more.
      reason.addSuppressed(e);
    }
  }

  private static RetryPolicy<Object> defaultRetries() {
    return RetryPolicy.builder()
        .handleIf(
            e -> e instanceof SQLException sql && SqlErrorKind.of(sql) == SqlErrorKind.TRANSIENT)
        .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(10), 2.0)
        .withJitter(0.5)
        .withMaxRetries(8)
        .withMaxDuration(Duration.ofMinutes(2))
        .onRetryScheduled(
            e ->
                LOG.warn(
                    "transient database error, trying again: {}",
                    e.getLastException() instanceof SQLException sql
                        ? DatabaseException.firstLine(sql)
                        : e.getLastException()))
        .build();
  }

  static Properties properties(DatabaseConfig config) {
    Properties properties = new Properties();
    if (config.user() != null) {
      properties.setProperty("user", config.user());
    }
    if (config.password() != null) {
      properties.setProperty("password", config.password().resolve());
    }
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("loginTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    // Longer than any statement may take: it is for a server that has silently gone.
    properties.setProperty(
        "socketTimeout", String.valueOf(config.statementTimeout().toSeconds() + 30));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "shelfcast");
    return properties;
  }

  private static HikariDataSource pool(DatabaseConfig config, Duration wait) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("shelfcast");
    hikari.setJdbcUrl(config.jdbcUrl());
    hikari.setDataSourceProperties(properties(config));
    hikari.setMaximumPoolSize(config.maxConnections());
    hikari.setMinimumIdle(0);
    hikari.setConnectionTimeout(wait.toMillis());
    hikari.setInitializationFailTimeout(-1);
    hikari.setAutoCommit(false);
    hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    hikari.setConnectionInitSql("SET statement_timeout = " + config.statementTimeout().toMillis());
    return new HikariDataSource(hikari);
  }
}
