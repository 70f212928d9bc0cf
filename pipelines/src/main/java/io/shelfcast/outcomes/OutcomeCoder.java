package io.shelfcast.outcomes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Field by field. */
final class OutcomeCoder extends AtomicCoder<Outcome> {
  private static final long serialVersionUID = 1L;

  private static final OutcomeCoder INSTANCE = new OutcomeCoder();
  private static final Coder<String> ORDER_ID = NullableCoder.of(StringUtf8Coder.of());

  private OutcomeCoder() {}

  static OutcomeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Outcome outcome, OutputStream out) throws IOException {
    ORDER_ID.encode(outcome.orderId(), out);
    VarInt.encode(outcome.productId(), out);
    VarInt.encode(outcome.orderedAtMicros(), out);
    BooleanCoder.of().encode(outcome.found(), out);
  }

  @Override
  public Outcome decode(InputStream in) throws IOException {
    return new Outcome(
        ORDER_ID.decode(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        BooleanCoder.of().decode(in));
  }
}
