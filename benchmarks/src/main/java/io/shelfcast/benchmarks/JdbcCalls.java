package io.shelfcast.benchmarks;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The bare query: a pgjdbc connection and one prepared statement, the one that the server has, with
 * its session settings; all columns of all rows are read, and nothing is made of them.
 */
final class JdbcCalls implements Calls {

  private static final String SESSION =
      """
      SET plan_cache_mode = force_generic_plan;
      SET enable_seqscan = off;
      SET enable_hashjoin = off;
      SET enable_mergejoin = off;
      SET jit = off;
      SET default_transaction_read_only = on;
      SET statement_timeout = 1000""";

  private static final String SELECT =
      """
      SELECT product_id, score, timestamptz_send(scored_at) FROM availability_score_1
      WHERE model_version_id = ? AND store_id = ? AND product_id = ANY (?::bigint[])""";

  private final Connection connection;
  private final PreparedStatement select;

  /** What was read last, so that reading it is not for nothing. */
  private double sum;

  /**
   * A connection.
   *
   * @param jdbcUrl with the user in it
   */
  JdbcCalls(String jdbcUrl) throws SQLException {
    connection = DriverManager.getConnection(jdbcUrl + "&prepareThreshold=1");
    try (Statement settings = connection.createStatement()) {
      settings.execute(SESSION);
    }
    select = connection.prepareStatement(SELECT);
  }

  @Override
  public void call(long storeId, Question question) throws SQLException {
    select.setShort(1, BenchDatabase.MODEL);
    select.setLong(2, storeId);
    select.setObject(3, question.products());
    int found = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        sum += rows.getLong(1) + rows.getFloat(2) + ByteBuffer.wrap(rows.getBytes(3)).getLong();
        found++;
      }
    }
    if (found != question.products().length || Double.isNaN(sum)) {
      throw new SQLException("%d of %d rows".formatted(found, question.products().length));
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
