package io.shelfcast.transforms;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** The id, then the rows, field by field. */
public final class RejectedRowsCoder extends AtomicCoder<RejectedRows> {
  private static final long serialVersionUID = 1L;

  private static final RejectedRowsCoder INSTANCE = new RejectedRowsCoder();

  private RejectedRowsCoder() {}

  public static RejectedRowsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(RejectedRows rejected, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeLong(rejected.id().getMostSignificantBits());
    data.writeLong(rejected.id().getLeastSignificantBits());
    VarInt.encode(rejected.rows().size(), data);
    StringUtf8Coder text = StringUtf8Coder.of();
    for (RejectedRow row : rejected.rows()) {
      text.encode(row.kind().word(), data);
      text.encode(row.source(), data);
      VarInt.encode(row.position(), data);
      text.encode(row.payload(), data);
      text.encode(row.reason(), data);
      text.encode(row.detail(), data);
    }
  }

  @Override
  public RejectedRows decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    UUID id = new UUID(data.readLong(), data.readLong());
    int size = VarInt.decodeInt(data);
    StringUtf8Coder text = StringUtf8Coder.of();
    List<RejectedRow> rows = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rows.add(
          new RejectedRow(
              InputKind.ofWord(text.decode(data)),
              text.decode(data),
              VarInt.decodeLong(data),
              text.decode(data),
              text.decode(data),
              text.decode(data)));
    }
    return new RejectedRows(id, rows);
  }
}
