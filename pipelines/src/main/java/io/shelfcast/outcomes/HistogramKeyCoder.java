package io.shelfcast.outcomes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.util.VarInt;

/** Field by field. Deterministic, so that it can be a key. */
final class HistogramKeyCoder extends AtomicCoder<HistogramKey> {
  private static final long serialVersionUID = 1L;

  private static final HistogramKeyCoder INSTANCE = new HistogramKeyCoder();

  private HistogramKeyCoder() {}

  static HistogramKeyCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(HistogramKey key, OutputStream out) throws IOException {
    SegmentCoder.of().encode(key.segment(), out);
    VarInt.encode(key.storeGroup(), out);
    VarInt.encode(key.model(), out);
    BooleanCoder.of().encode(key.isLast(), out);
  }

  @Override
  public HistogramKey decode(InputStream in) throws IOException {
    return new HistogramKey(
        SegmentCoder.of().decode(in),
        VarInt.decodeInt(in),
        VarInt.decodeInt(in),
        BooleanCoder.of().decode(in));
  }
}
