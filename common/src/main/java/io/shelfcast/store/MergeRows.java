package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Merges rows of a batch into a partition: they are copied into a temporary table and taken from
 * there in the order of their keys, so that two transactions hardly ever deadlock; where they do,
 * one of them is tried again.
 *
 * <p>By what was found for them: rows whose key stands there by UPDATE, which writes 40 % less WAL
 * than ON CONFLICT, since that locks each row before it updates it; new ones by INSERT; and those
 * of which it is not known are looked up first, since ON CONFLICT would lock, and log, also the
 * rows that it then leaves as they are.
 */
final class MergeRows implements RowWriter {

  /**
   * Emptied by every commit, so that nothing of a batch can be taken for the next one's. Joins are
   * to go key by key through the index: without statistics of the temporary table the planner is
   * tempted to read all of the partition, and a plan that was made while a partition was empty is
   * kept until it is analyzed, which may be a minute and a hundred thousand rows later.
   */
  private static final String PREPARE =
      """
      SET LOCAL client_min_messages = warning;
      SET LOCAL enable_hashjoin = off;
      SET LOCAL enable_mergejoin = off;
      SET LOCAL enable_seqscan = off;
      SET LOCAL jit = off;
      CREATE TEMPORARY TABLE IF NOT EXISTS score_stage (
        store_id bigint NOT NULL, product_id bigint NOT NULL,
        scored_at timestamptz NOT NULL, score real NOT NULL, found smallint NOT NULL
      ) ON COMMIT DELETE ROWS""";

  private static final String TRUNCATE = "TRUNCATE score_stage";

  private static final String COPY =
      "COPY score_stage (store_id, product_id, scored_at, score, found)"
          + " FROM STDIN (FORMAT binary)";

  private static final String UPDATE =
      """
      UPDATE %s t SET scored_at = s.scored_at, score = s.score, origin = ?
      FROM (SELECT * FROM score_stage WHERE found = 1 ORDER BY store_id, product_id) s
      WHERE t.model_version_id = ? AND t.store_id = s.store_id AND t.product_id = s.product_id
        AND (s.scored_at, s.score) > (t.scored_at, t.score)%s""";

  /** xmax is 0 in a row version that was inserted, and the locker's number in an updated one. */
  private static final String INSERT =
      """
      WITH merged AS (
        INSERT INTO %s AS t
          (store_id, product_id, scored_at, score, model_version_id, origin)
        SELECT s.store_id, s.product_id, s.scored_at, s.score, ?::smallint, ?::smallint
        FROM score_stage s %s
        ORDER BY s.store_id, s.product_id
        ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
          SET scored_at = excluded.scored_at, score = excluded.score, origin = excluded.origin
          WHERE (excluded.scored_at, excluded.score) > (t.scored_at, t.score)%s
        RETURNING xmax = 0 AS inserted
      )
      SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM merged""";

  private static final String ABSENT = "WHERE s.found = 2";

  private static final String LOOKED_UP =
      """
      LEFT JOIN %s t ON t.model_version_id = %d
        AND t.store_id = s.store_id AND t.product_id = s.product_id
      WHERE s.found = %d AND (t.store_id IS NULL
        OR ((s.scored_at, s.score) > (t.scored_at, t.score)%s))""";

  private final Connection connection;
  private final Partition partition;
  private final Origin origin;
  private final Materiality materiality;
  private final ScoreBatch batch;
  private final HeldScores.Changes changes;

  MergeRows(
      Connection connection,
      Partition partition,
      Origin origin,
      Materiality materiality,
      ScoreBatch batch,
      HeldScores.Changes changes) {
    this.connection = connection;
    this.partition = partition;
    this.origin = origin;
    this.materiality = materiality;
    this.batch = batch;
    this.changes = changes;
  }

  @Override
  public Outcome write(int from, int to) throws SQLException {
    stage(from, to);
    Outcome outcome = Outcome.NOTHING;
    int lesser = changes.count(HeldScores.LESSER, from, to);
    if (lesser > 0) {
      Outcome updated = update();
      outcome = outcome.plus(updated);
      if (updated.updated() < lesser) {
        // Others have made the row greater since it was read; or deleted it, as it was too old.
        outcome = outcome.plus(insert(lookedUp(HeldScores.LESSER)));
      }
    }
    if (changes.any(HeldScores.ABSENT, from, to)) {
      outcome = outcome.plus(insert(ABSENT));
    }
    if (changes.any(HeldScores.UNKNOWN, from, to)) {
      outcome = outcome.plus(insert(lookedUp(HeldScores.UNKNOWN)));
    }
    return outcome;
  }

  private String lookedUp(short found) {
    return LOOKED_UP.formatted(
        partition.table(), partition.modelVersionId(), found, material("s", "t"));
  }

  private void stage(int from, int to) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(PREPARE);
      if (from > 0 || to < changes.rows().length) {
        statement.execute(TRUNCATE);
      }
    }
    try (CopyRows copy = new CopyRows(connection, COPY)) {
      for (int i = from; i < to; i++) {
        copy.add(batch, changes.rows()[i], changes.found(i));
      }
      copy.end();
    }
  }

  private Outcome update() throws SQLException {
    String sql = UPDATE.formatted(partition.table(), material("s", "t"));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setShort(1, origin.number());
      statement.setShort(2, partition.modelVersionId());
      return new Outcome(0, statement.executeUpdate());
    }
  }

  private Outcome insert(String which) throws SQLException {
    String sql = INSERT.formatted(partition.table(), which, material("excluded", "t"));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setShort(1, partition.modelVersionId());
      statement.setShort(2, origin.number());
      try (ResultSet counts = statement.executeQuery()) {
        counts.next();
        return new Outcome(counts.getLong(1), counts.getLong(2));
      }
    }
  }

  /** The condition of {@link Materiality#isMaterial} in SQL, to follow another. */
  private String material(String newRow, String oldRow) {
    if (materiality.isAll()) {
      return "";
    }
    return " AND (abs(%1$s.score - %2$s.score) >= %3$s::real"
            .formatted(newRow, oldRow, (float) materiality.minScoreChange())
        + " OR %1$s.scored_at - %2$s.scored_at >= %3$d * interval '1 microsecond')"
            .formatted(newRow, oldRow, materiality.touchAfterMicros());
  }
}
