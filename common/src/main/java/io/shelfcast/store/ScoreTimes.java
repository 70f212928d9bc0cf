package io.shelfcast.store;

import io.shelfcast.domain.Micros;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;

/** When the scores of items were made: one round trip for many items. */
public final class ScoreTimes {

  /** Of an item that has no score. */
  public static final long NEVER = Long.MIN_VALUE;

  /**
   * Each key by the index, whatever the planner thinks: it plans once for all executions, and does
   * so while the table is small, when reading all of it looks good. One round trip all the same.
   */
  private static final String SELECT =
      """
      SET LOCAL enable_hashjoin = off;
      SET LOCAL enable_mergejoin = off;
      SET LOCAL enable_seqscan = off;
      SELECT wanted.n, held.scored_at
      FROM unnest(?::bigint[], ?::bigint[]) WITH ORDINALITY AS wanted (store_id, product_id, n)
      JOIN %s held
        ON held.model_version_id = ? AND held.store_id = wanted.store_id
          AND held.product_id = wanted.product_id""";

  private final Database database;

  public ScoreTimes(Database database) {
    this.database = database;
  }

  /**
   * When each item's score was made, in microseconds since 1970 (UTC), or {@link #NEVER}, in the
   * order of the items.
   *
   * @throws DatabaseException when the database cannot tell
   */
  public long[] of(short modelVersionId, long[] storeIds, long[] productIds) {
    String select = SELECT.formatted(Partition.of(modelVersionId).table());
    try {
      return database.inTransaction(
          connection -> {
            long[] times = new long[storeIds.length];
            Arrays.fill(times, NEVER);
            try (PreparedStatement statement = connection.prepareStatement(select)) {
              statement.setObject(1, storeIds);
              statement.setObject(2, productIds);
              statement.setShort(3, modelVersionId);
              execute(statement);
              while (statement.getResultSet() == null) {
                statement.getMoreResults();
              }
              try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                  times[rows.getInt(1) - 1] =
                      Micros.of(rows.getObject(2, OffsetDateTime.class).toInstant());
                }
              }
            }
            return times;
          });
    } catch (PartitionGoneException e) {
      // Nor will there be any: whoever has scores made for a retired version is told when he
      // writes.
      long[] none = new long[storeIds.length];
      Arrays.fill(none, NEVER);
      return none;
    }
  }

  private static void execute(PreparedStatement statement) throws SQLException {
    try {
      statement.execute();
    } catch (SQLException e) {
      throw PartitionGoneException.orElse(e);
    }
  }
}
