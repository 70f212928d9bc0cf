package io.shelfcast.transforms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Where the rows are from, then each row's position and text. */
public final class RawRowsCoder extends AtomicCoder<RawRows> {
  private static final long serialVersionUID = 1L;

  private static final RawRowsCoder INSTANCE = new RawRowsCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  private RawRowsCoder() {}

  public static RawRowsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(RawRows raw, OutputStream out) throws IOException {
    TEXT.encode(raw.source(), out);
    TEXT.encode(raw.part(), out);
    VarInt.encode(raw.rows().size(), out);
    for (RawRows.RawRow row : raw.rows()) {
      VarInt.encode(row.position(), out);
      TEXT.encode(row.payload(), out);
    }
  }

  @Override
  public RawRows decode(InputStream in) throws IOException {
    String source = TEXT.decode(in);
    String part = TEXT.decode(in);
    int size = VarInt.decodeInt(in);
    List<RawRows.RawRow> rows = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rows.add(new RawRows.RawRow(VarInt.decodeLong(in), TEXT.decode(in)));
    }
    return new RawRows(source, part, rows);
  }
}
