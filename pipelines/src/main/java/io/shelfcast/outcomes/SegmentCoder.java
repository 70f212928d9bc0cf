package io.shelfcast.outcomes;

import io.shelfcast.tuning.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Its values. Deterministic, so that it can be a key. */
final class SegmentCoder extends AtomicCoder<Segment> {
  private static final long serialVersionUID = 1L;

  private static final SegmentCoder INSTANCE = new SegmentCoder();
  private static final Coder<List<String>> VALUES = ListCoder.of(StringUtf8Coder.of());

  private SegmentCoder() {}

  static SegmentCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Segment segment, OutputStream out) throws IOException {
    VALUES.encode(segment.values(), out);
  }

  @Override
  public Segment decode(InputStream in) throws IOException {
    return new Segment(VALUES.decode(in));
  }
}
