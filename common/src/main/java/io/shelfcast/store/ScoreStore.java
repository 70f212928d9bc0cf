package io.shelfcast.store;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.Rejection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Writes batches of scores under guarantee 1: a row gives way only to one that is greater by
 * (scored_at, score).
 *
 * <p>A batch is one transaction: its rows, one for each key and in the order of their keys, are
 * copied into a temporary table and merged from there by one statement. Rows that the database
 * refuses for their values are found by halving, become dead letters, and do not keep the others
 * out.
 */
public final class ScoreStore {

  /** Emptied by every commit, so that nothing of a batch can be taken for the next one's. */
  private static final String CREATE_STAGE =
      """
      CREATE TEMPORARY TABLE IF NOT EXISTS score_stage (
        store_id bigint NOT NULL, product_id bigint NOT NULL,
        scored_at timestamptz NOT NULL, score real NOT NULL
      ) ON COMMIT DELETE ROWS""";

  private static final String TRUNCATE_STAGE = "TRUNCATE score_stage";

  private static final String COPY_TO_STAGE =
      "COPY score_stage (store_id, product_id, scored_at, score) FROM STDIN (FORMAT binary)";

  /**
   * The guarded upsert. The order of the keys keeps two transactions from deadlocking; xmax is 0 in
   * a row version that was inserted, and the locker's number in one that was updated.
   */
  private static final String MERGE =
      """
      WITH merged AS (
        INSERT INTO %s AS t
          (store_id, product_id, scored_at, score, model_version_id, origin)
        SELECT store_id, product_id, scored_at, score, ?::smallint, ?::smallint
        FROM score_stage
        ORDER BY store_id, product_id
        ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
          SET scored_at = excluded.scored_at, score = excluded.score, origin = excluded.origin
          WHERE (excluded.scored_at, excluded.score) > (t.scored_at, t.score)
        RETURNING xmax = 0 AS inserted
      )
      SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM merged""";

  /**
   * Past this many refused rows in a batch it is not the rows: a constraint, a dropped partition.
   */
  private static final int MAX_REFUSED_ROWS = 100;

  private final Database database;
  private final RunLedger ledger;
  private final DeadLetters deadLetters;

  public ScoreStore(Database database) {
    this.database = database;
    this.ledger = new RunLedger(database);
    this.deadLetters = new DeadLetters(database);
  }

  /**
   * Applies a batch of a run, with its counts in the run ledger, in one transaction: either all of
   * it is durable or nothing. Doing it again, as a retried bundle does, changes and counts nothing.
   *
   * @return what became of the rows; of a batch that was applied before, what became of them then
   * @throws DatabaseException when the database cannot take it
   */
  public RowCounts apply(String runId, Origin origin, TaggedScores batch) {
    return apply(runId, origin, batch, RowFate.COUNTED);
  }

  /**
   * Applies a batch made of dead letters, whose row positions are the letters' ids. As {@link
   * #apply}; in the same transaction the letters are closed as replayed, or seen again.
   */
  public RowCounts applyReplayed(String runId, TaggedScores batch) {
    return apply(runId, Origin.REPLAY, batch, RowFate.CLOSES_DEAD_LETTERS);
  }

  private RowCounts apply(String runId, Origin origin, TaggedScores batch, RowFate fate) {
    UUID batchId = batch.scores().id();
    return database.inTransaction(
        connection -> {
          // First, so that two attempts at the same batch wait here and not row by row.
          if (!ledger.claim(connection, runId, batchId)) {
            return ledger.counts(connection, runId, batchId);
          }
          Merge merge = new Merge(connection, origin, batch);
          merge.run();
          RowCounts counts = merge.counts();
          if (fate == RowFate.CLOSES_DEAD_LETTERS) {
            deadLetters.close(connection, batch.scores(), merge.refused);
            deadLetters.rejectAgain(connection, runId, merge.refused);
          } else {
            deadLetters.write(connection, runId, merge.refused);
          }
          ledger.settle(connection, runId, batchId, counts);
          return counts;
        });
  }

  /**
   * Writes rows that a step rejected as dead letters, with their count in the run ledger, in one
   * transaction; as {@link #apply} does, once.
   */
  public RowCounts reject(String runId, RejectedRows rejected) {
    return reject(runId, rejected, RowFate.COUNTED);
  }

  /** As {@link #reject}, of rows that are dead letters already: their positions are the ids. */
  public RowCounts rejectReplayed(String runId, RejectedRows rejected) {
    return reject(runId, rejected, RowFate.CLOSES_DEAD_LETTERS);
  }

  private RowCounts reject(String runId, RejectedRows rejected, RowFate fate) {
    return database.inTransaction(
        connection -> {
          if (!ledger.claim(connection, runId, rejected.id())) {
            return ledger.counts(connection, runId, rejected.id());
          }
          if (fate == RowFate.CLOSES_DEAD_LETTERS) {
            deadLetters.rejectAgain(connection, runId, rejected.rows());
          } else {
            deadLetters.write(connection, runId, rejected.rows());
          }
          RowCounts counts = new RowCounts(0, 0, 0, rejected.rows().size());
          ledger.settle(connection, runId, rejected.id(), counts);
          return counts;
        });
  }

  private enum RowFate {
    COUNTED,
    CLOSES_DEAD_LETTERS
  }

  /** One batch on its way into the table. */
  private static final class Merge {
    private final Connection connection;
    private final Origin origin;
    private final short modelVersionId;
    private final ScoreBatch scores;
    private final List<RejectedRow> refused = new ArrayList<>();
    private long inserted;
    private long updated;

    Merge(Connection connection, Origin origin, TaggedScores batch) {
      this.connection = connection;
      this.origin = origin;
      this.modelVersionId = batch.modelVersionId();
      this.scores = batch.scores();
    }

    void run() throws SQLException {
      execute(CREATE_STAGE);
      int[] rows = KeyOrder.greatestPerKey(scores);
      merge(rows, 0, rows.length);
    }

    RowCounts counts() {
      long kept = scores.size() - inserted - updated - refused.size();
      return new RowCounts(inserted, updated, kept, refused.size());
    }

    /** All of the range at once; by halves when a row of it is at fault. */
    private void merge(int[] rows, int from, int to) throws SQLException {
      Savepoint before = connection.setSavepoint();
      try {
        stageAndMerge(rows, from, to);
        connection.releaseSavepoint(before);
      } catch (SQLException e) {
        if (SqlErrorKind.of(e) != SqlErrorKind.ROW || refused.size() >= MAX_REFUSED_ROWS) {
          throw e;
        }
        connection.rollback(before);
        if (to - from == 1) {
          refuse(rows[from], e);
        } else {
          int middle = (from + to) >>> 1;
          merge(rows, from, middle);
          merge(rows, middle, to);
        }
      }
    }

    private void stageAndMerge(int[] rows, int from, int to) throws SQLException {
      if (from > 0 || to < rows.length) {
        execute(TRUNCATE_STAGE);
      }
      CopyFormat.send(
          connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY_TO_STAGE),
          scores,
          rows,
          from,
          to);
      String merge = MERGE.formatted(Partition.of(modelVersionId).table());
      try (PreparedStatement statement = connection.prepareStatement(merge)) {
        statement.setShort(1, modelVersionId);
        statement.setShort(2, origin.number());
        try (ResultSet counts = statement.executeQuery()) {
          counts.next();
          inserted += counts.getLong(1);
          updated += counts.getLong(2);
        }
      }
    }

    private void refuse(int row, SQLException error) {
      Rejection rejection =
          new Rejection.RefusedByDatabase(
              String.valueOf(error.getSQLState()), DatabaseException.firstLine(error));
      refused.add(rejection.rejectedRow(scores, row));
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
