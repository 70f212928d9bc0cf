package io.shelfcast.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Bulk reads of scores, for those who wait for the answer: one statement, one round trip, one
 * snapshot for all items; and no patience with a database that is away.
 *
 * <p>It has a pool of its own, whose connections are all open from the start. While the database
 * cannot be reached, a read fails at once but for one every {@value #PAUSE_MILLIS} ms that finds
 * out whether it is back. Safe for as many threads as there are connections; more wait for one.
 */
public final class ScoreReads implements AutoCloseable {

  /** How long nobody tries once somebody could not connect. */
  private static final long PAUSE_MILLIS = 200;

  /** The pool's least. */
  private static final Duration CONNECT_PATIENCE = Duration.ofMillis(250);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** A database that answered this lately need not be asked whether it does. */
  private static final Duration RECENTLY = Duration.ofSeconds(1);

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
   * From the partition: with its name no other one is looked at, planned for, or locked. The time
   * comes as the microseconds that it is, as the driver's way to them, by a date and an offset, is
   * most of what reading a row costs.
   */
  private static final String OF_STORE =
      """
      SELECT product_id, score, timestamptz_send(scored_at) FROM %s
      WHERE model_version_id = ? AND store_id = ? AND product_id = ANY (?::bigint[])""";

  private static final String OF_ITEMS =
      """
      SELECT held.store_id, held.product_id, held.score, timestamptz_send(held.scored_at)
      FROM unnest(?::bigint[], ?::bigint[]) AS wanted (store_id, product_id)
      JOIN %s held
        ON held.model_version_id = ? AND held.store_id = wanted.store_id
          AND held.product_id = wanted.product_id""";

  private final DatabaseConfig config;
  private final HikariDataSource pool;
  private final AtomicLong awayUntilNanos = new AtomicLong(System.nanoTime());
  private volatile long answeredNanos = System.nanoTime() - RECENTLY.toNanos();

  private ScoreReads(DatabaseConfig config, HikariDataSource pool) {
    this.config = config;
    this.pool = pool;
  }

  /**
   * Reads of this database, be it the one that is written to or a replica of it. It need not be
   * there yet.
   *
   * @param config its statement timeout bounds one read
   */
  public static ScoreReads open(DatabaseConfig config) {
    Properties properties = Database.properties(config);
    properties.setProperty("connectTimeout", seconds(CONNECT_TIMEOUT));
    properties.setProperty("loginTimeout", seconds(CONNECT_TIMEOUT));
    // For a server that has gone without a word: soon after it would have ended the statement.
    properties.setProperty("socketTimeout", seconds(config.statementTimeout().plusSeconds(2)));
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("ApplicationName", "shelfcast-serving");
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("shelfcast-reads");
    hikari.setJdbcUrl(config.jdbcUrl());
    hikari.setDataSourceProperties(properties);
    hikari.setMaximumPoolSize(config.maxConnections());
    hikari.setConnectionTimeout(CONNECT_PATIENCE.toMillis());
    hikari.setValidationTimeout(CONNECT_PATIENCE.toMillis());
    hikari.setKeepaliveTime(Duration.ofSeconds(30).toMillis());
    hikari.setInitializationFailTimeout(-1);
    // One statement is its own transaction, and saves the round trips of another.
    hikari.setAutoCommit(true);
    hikari.setConnectionInitSql(SESSION.formatted(config.statementTimeout().toMillis()));
    return new ScoreReads(config, new HikariDataSource(hikari));
  }

  /**
   * The scores that the model version has of these products of one store.
   *
   * @throws DatabaseAwayException when the database cannot be reached, or does not answer in time
   * @throws DatabaseException on any other error
   */
  public FoundScores ofStore(short modelVersionId, long storeId, long[] productIds) {
    ItemIndex index = new ItemIndex(new long[] {storeId}, productIds);
    String select = OF_STORE.formatted(Partition.of(modelVersionId).table());
    return read(
        connection -> {
          FoundScores found = new FoundScores(productIds.length);
          try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setShort(1, modelVersionId);
            statement.setLong(2, storeId);
            statement.setObject(3, productIds);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                put(found, index, storeId, rows.getLong(1), rows, 2);
              }
            }
          }
          return found;
        },
        () -> new FoundScores(productIds.length));
  }

  /**
   * The scores that the model version has of these items.
   *
   * @throws DatabaseAwayException when the database cannot be reached, or does not answer in time
   * @throws DatabaseException on any other error
   */
  public FoundScores ofItems(short modelVersionId, long[] storeIds, long[] productIds) {
    ItemIndex index = new ItemIndex(storeIds, productIds);
    String select = OF_ITEMS.formatted(Partition.of(modelVersionId).table());
    return read(
        connection -> {
          FoundScores found = new FoundScores(productIds.length);
          try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setObject(1, storeIds);
            statement.setObject(2, productIds);
            statement.setShort(3, modelVersionId);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                put(found, index, rows.getLong(1), rows.getLong(2), rows, 3);
              }
            }
          }
          return found;
        },
        () -> new FoundScores(productIds.length));
  }

  /**
   * Whether the database answers; a read of the last second tells as well, so that asking adds
   * nothing to what a busy server does.
   *
   * @throws DatabaseAwayException when it does not
   */
  public void check() {
    if (System.nanoTime() - answeredNanos < RECENTLY.toNanos()) {
      return;
    }
    boolean unused =
        read(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement("SELECT 1");
                  ResultSet row = statement.executeQuery()) {
                return row.next();
              }
            },
            () -> false);
  }

  @Override
  public void close() {
    pool.close();
  }

  private static void put(
      FoundScores found, ItemIndex index, long storeId, long productId, ResultSet row, int column)
      throws SQLException {
    float score = row.getFloat(column);
    long micros = micros(row.getBytes(column + 1));
    for (int i = index.first(storeId, productId); i >= 0; i = index.next(i)) {
      found.set(i, score, micros);
    }
  }

  /** Of a time as PostgreSQL sends it; one too far off for them is the farthest they have. */
  private static long micros(byte[] sent) {
    long since2000 = ByteBuffer.wrap(sent).getLong();
    return since2000 > Long.MAX_VALUE - CopyRows.YEAR_2000_MICROS
        ? Long.MAX_VALUE
        : since2000 + CopyRows.YEAR_2000_MICROS;
  }

  /**
   * Reads, and once more if the connection turns out to be broken: the others of the pool then are
   * as well, since the server was started anew, say.
   *
   * @param ifNoPartition the answer where there is none
   */
  private <T> T read(SqlFunction<T> work, Supplier<T> ifNoPartition) {
    try {
      return attempt(work, ifNoPartition);
    } catch (SQLException first) {
      if (!isBroken(first)) {
        throw failure(first);
      }
      pool.getHikariPoolMXBean().softEvictConnections();
      try {
        return attempt(work, ifNoPartition);
      } catch (SQLException second) {
        second.addSuppressed(first);
        throw failure(second);
      }
    }
  }

  private <T> T attempt(SqlFunction<T> work, Supplier<T> ifNoPartition) throws SQLException {
    try (Connection connection = connect()) {
      T result = work.apply(connection);
      answeredNanos = System.nanoTime();
      return result;
    } catch (SQLException e) {
      // The partition of a version that was retired is gone, and with it all its scores; a replica
      // may not have it yet.
      if ("42P01".equals(e.getSQLState())) {
        return ifNoPartition.get();
      }
      throw e;
    }
  }

  private Connection connect() throws SQLException {
    if (awayUntilNanos.get() - System.nanoTime() > 0) {
      throw new DatabaseAwayException("the database cannot be reached", null);
    }
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      // Of a pool that has connections they were all in use, which says nothing of the next one.
      if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
        awayUntilNanos.set(System.nanoTime() + Duration.ofMillis(PAUSE_MILLIS).toNanos());
      }
      throw e;
    }
  }

  private static boolean isBroken(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  private RuntimeException failure(SQLException e) {
    return e instanceof SQLTransientConnectionException
            || SqlErrorKind.of(e) == SqlErrorKind.TRANSIENT
        ? new DatabaseAwayException(DatabaseException.firstLine(e), e)
        : DatabaseException.of(e, config);
  }

  private static String seconds(Duration duration) {
    return String.valueOf(Math.max(1, duration.toSeconds()));
  }
}
