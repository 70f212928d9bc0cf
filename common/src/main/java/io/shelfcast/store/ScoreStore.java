package io.shelfcast.store;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes batches of scores under guarantee 1: a row gives way only to one that is greater by
 * (scored_at, score).
 *
 * <p>A batch is one transaction: what the partition holds for its keys is read, and the rows that
 * would change something, one for each key and in the order of their keys, are merged by one
 * statement for those that are there and one for those that are not. Rows that the database refuses
 * for their values are found by halving, become dead letters, and do not keep the others out. So
 * does a whole batch whose model version was retired, and its partition dropped, on its way here.
 */
public final class ScoreStore {

  private final Database database;
  private final Materiality materiality;
  private final RunLedger ledger;
  private final DeadLetters deadLetters;

  /** Writes every newer score. */
  public ScoreStore(Database database) {
    this(database, Materiality.ALL);
  }

  /** Writes those newer scores that are worth it. */
  public ScoreStore(Database database, Materiality materiality) {
    this.database = database;
    this.materiality = materiality;
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

  /**
   * Applies a batch of refreshed scores in one transaction, without the run ledger: a refresh is
   * not a run, it has no end at which counts have to add up. Doing it again changes nothing; it
   * counts again, as kept.
   *
   * @param writer what dead letters name as their run
   * @return what became of the rows
   * @throws DatabaseException when the database cannot take it
   */
  public RowCounts applyRefreshed(String writer, TaggedScores batch) {
    try {
      return database.inTransaction(
          connection -> {
            Written written = merge(connection, Origin.REFRESH, batch);
            deadLetters.write(connection, writer, written.refused());
            return written.counts();
          });
    } catch (PartitionGoneException e) {
      return rejectRefreshed(writer, retired(batch.scores()).rows());
    }
  }

  private RowCounts apply(String runId, Origin origin, TaggedScores batch, RowFate fate) {
    try {
      return applyToPartition(runId, origin, batch, fate);
    } catch (PartitionGoneException e) {
      return reject(runId, retired(batch.scores()), fate);
    }
  }

  private RowCounts applyToPartition(
      String runId, Origin origin, TaggedScores batch, RowFate fate) {
    UUID batchId = batch.scores().id();
    return database.inTransaction(
        connection -> {
          // First, so that two attempts at the same batch wait here and not row by row.
          if (!ledger.claim(connection, runId, batchId)) {
            return ledger.counts(connection, runId, batchId);
          }
          Written written = merge(connection, origin, batch);
          if (fate == RowFate.CLOSES_DEAD_LETTERS) {
            deadLetters.close(connection, batch.scores(), written.refused());
            deadLetters.rejectAgain(connection, runId, written.refused());
          } else {
            deadLetters.write(connection, runId, written.refused());
          }
          ledger.settle(connection, runId, batchId, written.counts());
          return written.counts();
        });
  }

  private Written merge(Connection connection, Origin origin, TaggedScores tagged)
      throws SQLException {
    ScoreBatch batch = tagged.scores();
    Partition partition = Partition.of(tagged.modelVersionId());
    // Before it is read: who reads first and then wants to write is in a deadlock with a snapshot
    // that lets writers wait and then wants the readers to be gone.
    try {
      execute(connection, "LOCK TABLE %s IN ROW EXCLUSIVE MODE".formatted(partition.table()));
    } catch (SQLException e) {
      throw PartitionGoneException.orElse(e);
    }
    HeldScores.Changes changes =
        HeldScores.changes(
            connection,
            database.config(),
            partition,
            batch,
            KeyOrder.greatestPerKey(batch),
            materiality);
    MergeRows merge = new MergeRows(connection, partition, origin, materiality, batch, changes);
    return write(connection, batch, changes.rows(), merge);
  }

  /** Copies a batch into a table that a snapshot is built in; see {@link Snapshots#load}. */
  RowCounts load(String runId, String table, TaggedScores tagged) {
    ScoreBatch batch = tagged.scores();
    return database.inTransaction(
        connection -> {
          if (!ledger.claim(connection, runId, batch.id())) {
            return ledger.counts(connection, runId, batch.id());
          }
          int[] rows = KeyOrder.greatestPerKey(batch);
          String copy =
              "COPY %s (store_id, product_id, scored_at, score) FROM STDIN (FORMAT binary)"
                  .formatted(table);
          Written written =
              write(
                  connection,
                  batch,
                  rows,
                  (from, to) -> {
                    try (CopyRows copied = new CopyRows(connection, copy)) {
                      for (int i = from; i < to; i++) {
                        copied.add(batch, rows[i]);
                      }
                      copied.end();
                    }
                    return new RowWriter.Outcome(to - from, 0);
                  });
          deadLetters.write(connection, runId, written.refused());
          ledger.noteNewest(connection, runId, batch.id(), newest(batch));
          ledger.settle(connection, runId, batch.id(), written.counts());
          return written.counts();
        });
  }

  private static long newest(ScoreBatch batch) {
    long newest = Long.MIN_VALUE;
    for (int row = 0; row < batch.size(); row++) {
      newest = Math.max(newest, batch.scoredAtMicros(row));
    }
    return newest;
  }

  private record Written(RowCounts counts, List<RejectedRow> refused) {}

  private static Written write(
      Connection connection, ScoreBatch batch, int[] rows, RowWriter writer) throws SQLException {
    RowHalving halving = new RowHalving(connection, batch, rows, writer);
    RowWriter.Outcome outcome = halving.write();
    long rejected = halving.refused().size();
    long kept = batch.size() - outcome.inserted() - outcome.updated() - rejected;
    return new Written(
        new RowCounts(outcome.inserted(), outcome.updated(), kept, rejected), halving.refused());
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

  /**
   * Writes rows that a refresh rejected as dead letters, in one transaction, without the run
   * ledger. Doing it again adds none.
   *
   * @param writer what the dead letters name as their run
   */
  public RowCounts rejectRefreshed(String writer, List<RejectedRow> rejected) {
    return database.inTransaction(
        connection -> {
          deadLetters.write(connection, writer, rejected);
          return new RowCounts(0, 0, 0, rejected.size());
        });
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

  /** All rows of a batch that came too late: under its own id, so that it is counted once. */
  private static RejectedRows retired(ScoreBatch batch) {
    Rejection why = new Rejection.ModelVersionRetired(batch.modelVersion());
    List<RejectedRow> rows = new ArrayList<>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      rows.add(why.rejectedRow(batch, row));
    }
    return new RejectedRows(batch.id(), rows);
  }

  private enum RowFate {
    COUNTED,
    CLOSES_DEAD_LETTERS
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
