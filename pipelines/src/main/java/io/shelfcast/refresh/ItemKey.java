package io.shelfcast.refresh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * An item of a known store, as one model version scores it.
 *
 * @param modelVersionId the model version's number
 * @param productId the product
 */
record ItemKey(short modelVersionId, long productId) {

  static final Coder<ItemKey> CODER = new KeyCoder();

  private static final class KeyCoder extends AtomicCoder<ItemKey> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(ItemKey key, OutputStream out) throws IOException {
      VarInt.encode(key.modelVersionId(), out);
      VarInt.encode(key.productId(), out);
    }

    @Override
    public ItemKey decode(InputStream in) throws IOException {
      return new ItemKey((short) VarInt.decodeInt(in), VarInt.decodeLong(in));
    }
  }
}
