package io.shelfcast.transforms;

import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.ProfileBytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/** As {@link ProfileBytes} writes it. */
final class BatchProfileCoder extends AtomicCoder<BatchProfile> {
  private static final long serialVersionUID = 1L;

  private static final BatchProfileCoder INSTANCE = new BatchProfileCoder();

  private BatchProfileCoder() {}

  static BatchProfileCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(BatchProfile profile, OutputStream out) throws IOException {
    ProfileBytes.write(profile, new DataOutputStream(out));
  }

  @Override
  public BatchProfile decode(InputStream in) throws IOException {
    return ProfileBytes.read(new DataInputStream(in));
  }
}
