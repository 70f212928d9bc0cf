package io.shelfcast.store;

import io.shelfcast.store.Snapshots.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The rows of a partition that a snapshot is about to replace, and that it does not make obsolete:
 * of keys that it lacks, or newer than its own. Those that are newer are carried over into it.
 *
 * <p>Works on what the rows are when they are looked at, never on what was done to them, so that
 * looking at a key twice does no harm. All in one transaction, with the swap.
 */
final class OldRows {

  /**
   * Both sides have the key, so they are merged along it: hashing them is slower, and spills
   * sooner.
   */
  private static final String PREPARE =
      """
      SET LOCAL enable_hashjoin = off;
      CREATE TEMPORARY TABLE snapshot_old (
        store_id bigint NOT NULL, product_id bigint NOT NULL,
        scored_at timestamptz NOT NULL, score real NOT NULL, origin smallint NOT NULL,
        absent boolean NOT NULL, newer boolean NOT NULL
      ) ON COMMIT DROP""";

  /**
   * Old rows that the new set lacks (absent), or has a lesser row for. Newer than the input are
   * those that are greater than its row of the key, or, if it has none, newer than all of it.
   */
  private static final String FIRST_PASS =
      """
      INSERT INTO snapshot_old
      SELECT o.store_id, o.product_id, o.scored_at, o.score, o.origin,
        i.store_id IS NULL, i.store_id IS NOT NULL OR o.scored_at > ?::timestamptz
      FROM %s o LEFT JOIN %s i ON i.model_version_id = o.model_version_id
        AND i.store_id = o.store_id AND i.product_id = o.product_id
      WHERE i.store_id IS NULL OR (o.scored_at, o.score) > (i.scored_at, i.score)""";

  private static final String KEY_OLD =
      "ALTER TABLE snapshot_old ADD PRIMARY KEY (store_id, product_id)";

  /**
   * The same for the keys that were written meanwhile. Whether the input lacks a key is known of
   * those found before; of the others the new set still has what the input had.
   */
  private static final String LAST_PASS =
      """
      INSERT INTO snapshot_old AS d
      SELECT o.store_id, o.product_id, o.scored_at, o.score, o.origin, f.absent,
        NOT f.absent OR o.scored_at > ?::timestamptz
      FROM (
        SELECT DISTINCT store_id, product_id FROM snapshot_change WHERE model_version_id = ?
      ) c
      JOIN %s o ON o.model_version_id = ?
        AND o.store_id = c.store_id AND o.product_id = c.product_id
      LEFT JOIN %s n ON n.model_version_id = o.model_version_id
        AND n.store_id = o.store_id AND n.product_id = o.product_id
      LEFT JOIN snapshot_old k ON k.store_id = o.store_id AND k.product_id = o.product_id
      CROSS JOIN LATERAL (SELECT coalesce(k.absent, n.store_id IS NULL) AS absent) f
      WHERE f.absent OR k.store_id IS NOT NULL OR (o.scored_at, o.score) > (n.scored_at, n.score)
      ON CONFLICT (store_id, product_id) DO UPDATE SET scored_at = excluded.scored_at,
        score = excluded.score, origin = excluded.origin, newer = excluded.newer""";

  private static final String CARRY_OVER =
      """
      INSERT INTO %1$s AS n (store_id, product_id, scored_at, score, model_version_id, origin)
      SELECT store_id, product_id, scored_at, score, %2$d, origin FROM snapshot_old WHERE newer%3$s
      ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
        SET scored_at = excluded.scored_at, score = excluded.score, origin = excluded.origin
        WHERE (excluded.scored_at, excluded.score) > (n.scored_at, n.score)""";

  private static final String CHANGED =
      " AND (store_id, product_id) IN"
          + " (SELECT store_id, product_id FROM snapshot_change WHERE model_version_id = %d)";

  private static final String COUNT_OLD =
      "SELECT count(*) FILTER (WHERE newer), count(*) FILTER (WHERE newer AND NOT absent),"
          + " count(*) FILTER (WHERE absent AND NOT newer) FROM snapshot_old";

  private static final String NEWEST =
      "SELECT max(newest)::text FROM sync_run_batch WHERE run_id = ?";

  private final Connection connection;
  private final Snapshot snapshot;
  private final Partition partition;

  /** The greatest scored_at of the input, as text that PostgreSQL reads as it wrote it. */
  private final String newest;

  private OldRows(Connection connection, Snapshot snapshot, String newest) {
    this.connection = connection;
    this.snapshot = snapshot;
    this.partition = snapshot.partition();
    this.newest = newest;
  }

  /**
   * How many there are.
   *
   * @param newer newer than the input
   * @param overtaking of those, the ones that a row of the input had to give way to
   * @param removed of keys that the input lacks, and not newer
   */
  record Counts(long newer, long overtaking, long removed) {}

  /** In the transaction that the connection is in. */
  static OldRows of(Connection connection, Snapshot snapshot) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
      select.setString(1, snapshot.runId());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new OldRows(connection, snapshot, row.getString(1));
      }
    }
  }

  /** Looks at all rows. */
  void firstPass() throws SQLException {
    String sql = FIRST_PASS.formatted(partition.table(), snapshot.table());
    try (Statement statement = connection.createStatement();
        PreparedStatement pass = connection.prepareStatement(sql)) {
      statement.execute(PREPARE);
      pass.setString(1, newest);
      pass.executeUpdate();
      statement.execute(KEY_OLD);
      carryOver("");
    }
  }

  /** Looks at those that were noted as written since before the first pass. */
  void lastPass() throws SQLException {
    String sql = LAST_PASS.formatted(partition.table(), snapshot.table());
    try (PreparedStatement pass = connection.prepareStatement(sql)) {
      pass.setString(1, newest);
      pass.setShort(2, partition.modelVersionId());
      pass.setShort(3, partition.modelVersionId());
      if (pass.executeUpdate() > 0) {
        carryOver(CHANGED.formatted(partition.modelVersionId()));
      }
    }
  }

  Counts counts() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(COUNT_OLD)) {
      row.next();
      return new Counts(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  private void carryOver(String which) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CARRY_OVER.formatted(snapshot.table(), partition.modelVersionId(), which));
    }
  }
}
