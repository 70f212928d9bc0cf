package io.shelfcast.refresh;

import io.shelfcast.domain.RefreshRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Field by field; no model version as empty text, which can name none. */
final class ReceivedRequestCoder extends AtomicCoder<ReceivedRequest> {
  private static final long serialVersionUID = 1L;

  private static final ReceivedRequestCoder INSTANCE = new ReceivedRequestCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  private ReceivedRequestCoder() {}

  static ReceivedRequestCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ReceivedRequest received, OutputStream out) throws IOException {
    TEXT.encode(received.place(), out);
    VarInt.encode(received.position(), out);
    RefreshRequest request = received.request();
    VarInt.encode(request.storeId(), out);
    VarInt.encode(request.size(), out);
    for (int i = 0; i < request.size(); i++) {
      VarInt.encode(request.productId(i), out);
    }
    VarInt.encode(request.requestedAtMicros(), out);
    TEXT.encode(request.source(), out);
    @Nullable String modelVersion = request.modelVersion();
    TEXT.encode(modelVersion == null ? "" : modelVersion, out);
  }

  @Override
  public ReceivedRequest decode(InputStream in) throws IOException {
    String place = TEXT.decode(in);
    long position = VarInt.decodeLong(in);
    long storeId = VarInt.decodeLong(in);
    long[] productIds = new long[VarInt.decodeInt(in)];
    for (int i = 0; i < productIds.length; i++) {
      productIds[i] = VarInt.decodeLong(in);
    }
    long requestedAtMicros = VarInt.decodeLong(in);
    String source = TEXT.decode(in);
    String modelVersion = TEXT.decode(in);
    return new ReceivedRequest(
        place,
        position,
        RefreshRequest.of(
            storeId,
            productIds,
            requestedAtMicros,
            source,
            modelVersion.isEmpty() ? null : modelVersion));
  }
}
