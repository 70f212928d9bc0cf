package io.shelfcast.outcomes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.util.VarInt;

/** Field by field. */
final class ScoredOutcomeCoder extends AtomicCoder<ScoredOutcome> {
  private static final long serialVersionUID = 1L;

  private static final ScoredOutcomeCoder INSTANCE = new ScoredOutcomeCoder();

  private ScoredOutcomeCoder() {}

  static ScoredOutcomeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ScoredOutcome outcome, OutputStream out) throws IOException {
    SegmentCoder.of().encode(outcome.segment(), out);
    VarInt.encode(outcome.storeGroup(), out);
    VarInt.encode(outcome.orderedAtMicros(), out);
    BooleanCoder.of().encode(outcome.found(), out);
    VarInt.encode(outcome.models(), out);
    for (int model = 0; model < outcome.models(); model++) {
      VarInt.encode(outcome.bin(model), out);
    }
  }

  @Override
  public ScoredOutcome decode(InputStream in) throws IOException {
    var segment = SegmentCoder.of().decode(in);
    int storeGroup = VarInt.decodeInt(in);
    long orderedAtMicros = VarInt.decodeLong(in);
    boolean found = BooleanCoder.of().decode(in);
    int[] bins = new int[VarInt.decodeInt(in)];
    for (int model = 0; model < bins.length; model++) {
      bins[model] = VarInt.decodeInt(in);
    }
    return new ScoredOutcome(segment, storeGroup, orderedAtMicros, found, bins);
  }
}
