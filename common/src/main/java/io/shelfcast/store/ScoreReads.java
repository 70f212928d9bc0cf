package io.shelfcast.store;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Bulk reads of scores, for those who wait for the answer: one statement, one round trip, one
 * snapshot for all items; and no patience with a database that is away. Safe for as many threads as
 * there are connections; more wait for one.
 */
public final class ScoreReads implements AutoCloseable {

  /** A database that answered this lately need not be asked whether it does. */
  private static final Duration RECENTLY = Duration.ofSeconds(1);

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

  private static final String ANY = "SELECT FROM %s LIMIT 1";

  private final DatabaseConfig config;
  private final ReadPool pool;
  private final boolean isMissingNothing;
  private volatile long answeredNanos = System.nanoTime() - RECENTLY.toNanos();

  private ScoreReads(DatabaseConfig config, ReadPool pool, boolean isMissingNothing) {
    this.config = config;
    this.pool = pool;
    this.isMissingNothing = isMissingNothing;
  }

  /**
   * Reads of this database, be it the one that is written to or a replica of it. It need not be
   * there yet.
   *
   * @param config its statement timeout bounds one read
   */
  public static ScoreReads open(DatabaseConfig config) {
    return new ScoreReads(config, ReadPool.of(config), true);
  }

  /**
   * Reads that nobody waits for, over no connection more than the settings have, nor before one is
   * needed. That there is no place for a model version's scores is an error to them, where others
   * take it as that it has none.
   */
  public static ScoreReads aside(DatabaseConfig config) {
    return new ScoreReads(config, ReadPool.aside(config), false);
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
        () -> FoundScores.none(productIds.length));
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
        () -> FoundScores.none(productIds.length));
  }

  /**
   * Whether the model version's scores can be read; a read of the last second tells as well, so
   * that asking adds nothing to what a busy server does.
   *
   * @return false: the database has no place for them, since it is another one, or lags behind
   * @throws DatabaseAwayException when it cannot be reached, or does not answer in time
   */
  public boolean canRead(short modelVersionId) {
    if (System.nanoTime() - answeredNanos < RECENTLY.toNanos()) {
      return true;
    }
    String select = ANY.formatted(Partition.of(modelVersionId).table());
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(select)) {
            return statement.execute();
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
   * Reads.
   *
   * @param ifNoPartition the answer where there is none
   */
  private <T> T read(SqlFunction<T> work, Supplier<T> ifNoPartition) {
    try {
      T result = pool.with(work);
      answeredNanos = System.nanoTime();
      return result;
    } catch (SQLException e) {
      // The partition of a version that was retired is gone, and with it all its scores; a replica
      // may not have it yet.
      if (isMissingNothing && "42P01".equals(e.getSQLState())) {
        pool.tellOnceInAWhile("there are no %s", e);
        return ifNoPartition.get();
      }
      throw DatabaseException.of(e, config);
    }
  }
}
