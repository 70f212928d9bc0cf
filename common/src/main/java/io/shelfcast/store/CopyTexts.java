package io.shelfcast.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows of an id and some texts on their way to a table in the binary format of COPY, in which no
 * text has to be quoted.
 */
final class CopyTexts implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final CopyIn copy;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER_BYTES);
  private final DataOutputStream buffer = new DataOutputStream(bytes);

  /** Begins a COPY … FROM STDIN (FORMAT binary). */
  CopyTexts(Connection connection, String copyStatement) throws SQLException, IOException {
    this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement);
    buffer.write(CopyRows.SIGNATURE);
    buffer.writeInt(0);
    buffer.writeInt(0);
  }

  void add(long id, @Nullable String... texts) throws SQLException, IOException {
    buffer.writeShort(1 + texts.length);
    buffer.writeInt(Long.BYTES);
    buffer.writeLong(id);
    for (String text : texts) {
      if (text == null) {
        buffer.writeInt(-1);
      } else {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        buffer.writeInt(utf8.length);
        buffer.write(utf8);
      }
    }
    if (bytes.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Ends the COPY; the rows are in the table. */
  void end() throws SQLException, IOException {
    buffer.writeShort(-1);
    flush();
    copy.endCopy();
  }

  /** Breaks off what has not ended, as {@link CopyRows#close} does, and why. */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
    bytes.reset();
  }
}
