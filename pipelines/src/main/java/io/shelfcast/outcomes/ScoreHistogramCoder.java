package io.shelfcast.outcomes;

import io.shelfcast.tuning.ScoreHistogram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Bin by bin, as differences: some four bytes of each. */
final class ScoreHistogramCoder extends AtomicCoder<ScoreHistogram> {
  private static final long serialVersionUID = 1L;

  private static final ScoreHistogramCoder INSTANCE = new ScoreHistogramCoder();

  private ScoreHistogramCoder() {}

  static ScoreHistogramCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ScoreHistogram histogram, OutputStream out) throws IOException {
    int size = histogram.size();
    VarInt.encode(size, out);
    int before = 0;
    for (int i = 0; i < size; i++) {
      VarInt.encode(histogram.bin(i) - before, out);
      VarInt.encode(histogram.found(i), out);
      VarInt.encode(histogram.missed(i), out);
      before = histogram.bin(i);
    }
  }

  @Override
  public ScoreHistogram decode(InputStream in) throws IOException {
    ScoreHistogram histogram = new ScoreHistogram();
    int size = VarInt.decodeInt(in);
    int bin = 0;
    for (int i = 0; i < size; i++) {
      bin += VarInt.decodeInt(in);
      histogram.append(bin, VarInt.decodeLong(in), VarInt.decodeLong(in));
    }
    return histogram;
  }
}
