package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way to a table in the binary format of COPY: store_id, product_id, scored_at,
 * score, and a smallint of the caller's, if any. Binary, because neither side then has to print and
 * parse numbers.
 */
final class CopyRows implements AutoCloseable {

  static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  /** PostgreSQL counts its microseconds from here. */
  static final long YEAR_2000_MICROS = 946_684_800_000_000L;

  private static final int ROW_BYTES = 2 + (4 + 8) + (4 + 8) + (4 + 8) + (4 + 4) + (4 + 2);
  private static final int BUFFER_BYTES = 1 << 16;

  private final CopyIn copy;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

  /** Begins a COPY … FROM STDIN (FORMAT binary). */
  CopyRows(Connection connection, String copyStatement) throws SQLException {
    this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement);
    buffer.put(SIGNATURE).putInt(0).putInt(0);
  }

  /** A row with one more column. */
  void add(ScoreBatch batch, int row, short fifth) throws SQLException {
    begin(batch, row, 5);
    buffer.putInt(2).putShort(fifth);
  }

  /** A row. */
  void add(ScoreBatch batch, int row) throws SQLException {
    begin(batch, row, 4);
  }

  private void begin(ScoreBatch batch, int row, int columns) throws SQLException {
    if (buffer.remaining() < ROW_BYTES) {
      flush();
    }
    buffer.putShort((short) columns);
    buffer.putInt(8).putLong(batch.storeId(row));
    buffer.putInt(8).putLong(batch.productId(row));
    buffer.putInt(8).putLong(batch.scoredAtMicros(row) - YEAR_2000_MICROS);
    buffer.putInt(4).putFloat((float) batch.score(row));
  }

  /** Ends the COPY; the rows are in the table. */
  void end() throws SQLException {
    if (buffer.remaining() < 2) {
      flush();
    }
    buffer.putShort((short) -1);
    flush();
    copy.endCopy();
  }

  /**
   * Breaks off what has not ended. The driver locks the connection for a COPY, and keeps it locked
   * when that fails: without this the rollback would wait for it for ever.
   */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(bytes, 0, buffer.position());
    buffer.clear();
  }
}
