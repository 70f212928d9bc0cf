package io.shelfcast.transforms;

import io.shelfcast.domain.InputSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Two numbers. */
public final class InputSizeCoder extends AtomicCoder<InputSize> {
  private static final long serialVersionUID = 1L;

  private static final InputSizeCoder INSTANCE = new InputSizeCoder();

  private InputSizeCoder() {}

  public static InputSizeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(InputSize size, OutputStream out) throws IOException {
    VarInt.encode(size.rows(), out);
    VarInt.encode(size.bytes(), out);
  }

  @Override
  public InputSize decode(InputStream in) throws IOException {
    return new InputSize(VarInt.decodeLong(in), VarInt.decodeLong(in));
  }
}
