package io.shelfcast.store;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what can be written: all rows at once, and by halves when one of them is at fault, until
 * that one is found and left out.
 */
final class RowHalving {

  /**
   * Past this many refused rows in a batch it is not the rows: a constraint, a dropped partition.
   */
  private static final int MAX_REFUSED_ROWS = 100;

  private final Connection connection;
  private final ScoreBatch batch;
  private final int[] rows;
  private final RowWriter writer;
  private final List<RejectedRow> refused = new ArrayList<>();

  /**
   * Prepares to write.
   *
   * @param rows the row numbers of the batch that the writer's places stand for
   */
  RowHalving(Connection connection, ScoreBatch batch, int[] rows, RowWriter writer) {
    this.connection = connection;
    this.batch = batch;
    this.rows = rows;
    this.writer = writer;
  }

  /** Writes all rows but those that the database refuses. */
  RowWriter.Outcome write() throws SQLException {
    return rows.length == 0 ? RowWriter.Outcome.NOTHING : write(0, rows.length);
  }

  /** The rows that the database refused. */
  List<RejectedRow> refused() {
    return refused;
  }

  private RowWriter.Outcome write(int from, int to) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      RowWriter.Outcome outcome = writer.write(from, to);
      connection.releaseSavepoint(before);
      return outcome;
    } catch (SQLException e) {
      if (SqlErrorKind.of(e) != SqlErrorKind.ROW || refused.size() >= MAX_REFUSED_ROWS) {
        throw e;
      }
      connection.rollback(before);
      if (to - from > 1) {
        int middle = (from + to) >>> 1;
        return write(from, middle).plus(write(middle, to));
      }
      Rejection rejection =
          new Rejection.RefusedByDatabase(
              String.valueOf(e.getSQLState()), DatabaseException.firstLine(e));
      refused.add(rejection.rejectedRow(batch, rows[from]));
      return RowWriter.Outcome.NOTHING;
    }
  }
}
