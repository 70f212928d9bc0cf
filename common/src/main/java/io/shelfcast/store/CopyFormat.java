package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary format of COPY: store_id, product_id, scored_at, score. Binary, because
 * neither side then has to print and parse numbers.
 */
final class CopyFormat {

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  /** PostgreSQL counts its microseconds from here. */
  private static final long YEAR_2000_MICROS = 946_684_800_000_000L;

  private static final int ROW_BYTES = 2 + (4 + 8) + (4 + 8) + (4 + 8) + (4 + 4);
  private static final int BUFFER_BYTES = 1 << 16;

  private CopyFormat() {}

  /** Sends {@code rows[from..to)} of the batch and ends the copy. */
  static void send(CopyIn copy, ScoreBatch batch, int[] rows, int from, int to)
      throws SQLException {
    byte[] bytes = new byte[BUFFER_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.put(SIGNATURE).putInt(0).putInt(0);
    for (int i = from; i < to; i++) {
      if (buffer.remaining() < ROW_BYTES) {
        flush(copy, bytes, buffer);
      }
      int row = rows[i];
      buffer.putShort((short) 4);
      buffer.putInt(8).putLong(batch.storeId(row));
      buffer.putInt(8).putLong(batch.productId(row));
      buffer.putInt(8).putLong(batch.scoredAtMicros(row) - YEAR_2000_MICROS);
      buffer.putInt(4).putFloat((float) batch.score(row));
    }
    if (buffer.remaining() < 2) {
      flush(copy, bytes, buffer);
    }
    buffer.putShort((short) -1);
    flush(copy, bytes, buffer);
    copy.endCopy();
  }

  private static void flush(CopyIn copy, byte[] bytes, ByteBuffer buffer) throws SQLException {
    copy.writeToCopy(bytes, 0, buffer.position());
    buffer.clear();
  }
}
