package io.shelfcast.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of {@link ScoreReads}: for those who wait, all open from the start, one more than
 * are read with at a time, since now and then one is replaced. While the database cannot be
 * reached, whoever wants one is refused at once, but for one every {@value #PAUSE_MILLIS} ms who
 * finds out whether it is back.
 */
final class ReadPool implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

  private static final long PAUSE_MILLIS = 200;

  /** How long to wait for a connection; the pool's least. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Beyond the statement timeout: for a server that has gone without a word. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  /**
   * What the planner may do is settled, as it plans once per connection and might do so while the
   * table is empty: each key by the index, and no second look at the values of 1,000 keys.
   */
  private static final String SESSION =
      """
      SET plan_cache_mode = force_generic_plan;
      SET enable_seqscan = off;
      SET enable_hashjoin = off;
      SET enable_mergejoin = off;
      SET jit = off;
      SET default_transaction_read_only = on;
      SET statement_timeout = %d""";

  /**
   * Who reads.
   *
   * @param applicationName as the database's list of connections names it
   * @param what what they read, for messages
   * @param spare connections beyond those that are read with at a time
   * @param isAlwaysOpen whether all are open from the start
   */
  private record Readers(String applicationName, String what, int spare, boolean isAlwaysOpen) {}

  private static final Readers WHO_WAIT = new Readers("shelfcast-serving", "scores", 1, true);

  private static final Readers ASIDE =
      new Readers("shelfcast-shadow", "scores to compare", 0, false);

  private final DatabaseConfig config;
  private final Readers readers;
  private final HikariDataSource pool;
  private final AtomicLong nextTryNanos = new AtomicLong();
  private volatile boolean away;
  private final OnceInAWhile telling = new OnceInAWhile(TOLD_EVERY);

  /** For those who wait for the answer. */
  static ReadPool of(DatabaseConfig config) {
    return new ReadPool(config, WHO_WAIT);
  }

  /** For one who can do without it: no connection more than it may have, or before it reads. */
  static ReadPool aside(DatabaseConfig config) {
    return new ReadPool(config, ASIDE);
  }

  private ReadPool(DatabaseConfig config, Readers readers) {
    this.config = config;
    this.readers = readers;
    Properties properties = Database.properties(config);
    properties.setProperty("connectTimeout", seconds(CONNECT_TIMEOUT));
    properties.setProperty("loginTimeout", seconds(CONNECT_TIMEOUT));
    properties.setProperty("socketTimeout", seconds(config.statementTimeout().plus(SILENCE)));
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("ApplicationName", readers.applicationName());
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName(readers.applicationName());
    hikari.setJdbcUrl(config.jdbcUrl());
    hikari.setDataSourceProperties(properties);
    hikari.setMaximumPoolSize(config.maxConnections() + readers.spare());
    if (!readers.isAlwaysOpen()) {
      hikari.setMinimumIdle(0);
    }
    hikari.setConnectionTimeout(PATIENCE.toMillis());
    hikari.setValidationTimeout(PATIENCE.toMillis());
    hikari.setInitializationFailTimeout(-1);
    // One statement is its own transaction, and saves the round trips of another.
    hikari.setAutoCommit(true);
    hikari.setConnectionInitSql(SESSION.formatted(config.statementTimeout().toMillis()));
    this.pool = new HikariDataSource(hikari);
  }

  /**
   * Does the work, and once more if its connection turns out to be broken: the others of the pool
   * then are as well, since the server was started anew, say.
   *
   * @throws DatabaseAwayException when the database cannot be reached, or does not answer in time
   * @throws SQLException as the work throws it
   */
  <T> T with(SqlFunction<T> work) throws SQLException {
    long started = System.nanoTime();
    try {
      return once(work);
    } catch (SQLException e) {
      // Whoever has waited in vain for one answer does not wait for another.
      if (!isBroken(e) || System.nanoTime() - started > config.statementTimeout().toNanos()) {
        throw told(e);
      }
      pool.getHikariPoolMXBean().softEvictConnections();
    }
    try {
      return once(work);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  private <T> T once(SqlFunction<T> work) throws SQLException {
    try (Connection connection = connect()) {
      return work.apply(connection);
    }
  }

  private Connection connect() {
    if (away) {
      long due = nextTryNanos.get();
      long now = System.nanoTime();
      if (now < due || !nextTryNanos.compareAndSet(due, now + nanos(PAUSE_MILLIS))) {
        throw new DatabaseAwayException("the database cannot be reached", null);
      }
    }
    try {
      Connection connection = pool.getConnection();
      if (away) {
        away = false;
        LOG.info("{} can be read again", readers.what());
      }
      return connection;
    } catch (SQLException e) {
      tellOnceInAWhile("no connection to read %s with", e);
      // Of a pool that has connections they were all in use, which says nothing of the next one.
      if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
        nextTryNanos.set(System.nanoTime() + nanos(PAUSE_MILLIS));
        away = true;
      }
      throw new DatabaseAwayException("the database cannot be reached", e);
    }
  }

  /** An error of a statement: those that may be gone in a moment are of a type of their own. */
  private SQLException told(SQLException e) {
    if (e instanceof SQLTransientConnectionException
        || SqlErrorKind.of(e) == SqlErrorKind.TRANSIENT) {
      tellOnceInAWhile("%s cannot be read", e);
      throw new DatabaseAwayException("the database does not answer in time", e);
    }
    return e;
  }

  /** An outage would else fill the log. */
  void tellOnceInAWhile(String message, SQLException e) {
    if (telling.isDue()) {
      LOG.warn(
          "{}: {} (told once a minute at the most)",
          message.formatted(readers.what()),
          DatabaseException.firstLine(e));
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static boolean isBroken(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static String seconds(Duration duration) {
    return String.valueOf(Math.max(1, duration.toSeconds()));
  }
}
