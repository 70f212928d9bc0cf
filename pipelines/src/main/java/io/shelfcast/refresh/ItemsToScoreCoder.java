package io.shelfcast.refresh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** The model version, then the requests. */
public final class ItemsToScoreCoder extends AtomicCoder<ItemsToScore> {
  private static final long serialVersionUID = 1L;

  private static final ItemsToScoreCoder INSTANCE = new ItemsToScoreCoder();
  private static final ListCoder<ReceivedRequest> REQUESTS =
      ListCoder.of(ReceivedRequestCoder.of());

  private ItemsToScoreCoder() {}

  public static ItemsToScoreCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ItemsToScore items, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(items.modelVersion(), out);
    REQUESTS.encode(items.requests(), out);
  }

  @Override
  public ItemsToScore decode(InputStream in) throws IOException {
    String modelVersion = StringUtf8Coder.of().decode(in);
    List<ReceivedRequest> requests = REQUESTS.decode(in);
    return new ItemsToScore(modelVersion, requests);
  }
}
