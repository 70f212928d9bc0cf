package io.shelfcast.transforms;

import io.shelfcast.domain.RowCounts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Four numbers. */
final class RowCountsCoder extends AtomicCoder<RowCounts> {
  private static final long serialVersionUID = 1L;

  private static final RowCountsCoder INSTANCE = new RowCountsCoder();

  private RowCountsCoder() {}

  static RowCountsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(RowCounts counts, OutputStream out) throws IOException {
    VarInt.encode(counts.inserted(), out);
    VarInt.encode(counts.updated(), out);
    VarInt.encode(counts.kept(), out);
    VarInt.encode(counts.rejected(), out);
  }

  @Override
  public RowCounts decode(InputStream in) throws IOException {
    return new RowCounts(
        VarInt.decodeLong(in), VarInt.decodeLong(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
  }
}
