package io.shelfcast.outcomes;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** The model and the number of rows, then row by row: ids and times as differences. */
final class StoreScoresCoder extends AtomicCoder<StoreScores> {
  private static final long serialVersionUID = 1L;

  private static final StoreScoresCoder INSTANCE = new StoreScoresCoder();

  private StoreScoresCoder() {}

  static StoreScoresCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(StoreScores scores, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    VarInt.encode(scores.model(), data);
    VarInt.encode(scores.size(), data);
    long productId = 0;
    long scoredAt = 0;
    for (int row = 0; row < scores.size(); row++) {
      VarInt.encode(zigzag(scores.productId(row) - productId), data);
      VarInt.encode(zigzag(scores.scoredAtMicros(row) - scoredAt), data);
      data.writeFloat(scores.score(row));
      productId = scores.productId(row);
      scoredAt = scores.scoredAtMicros(row);
    }
  }

  @Override
  public StoreScores decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int model = VarInt.decodeInt(data);
    int size = VarInt.decodeInt(data);
    long[] productIds = new long[size];
    float[] scores = new float[size];
    long[] scoredAtMicros = new long[size];
    long productId = 0;
    long scoredAt = 0;
    for (int row = 0; row < size; row++) {
      productId += unzigzag(VarInt.decodeLong(data));
      scoredAt += unzigzag(VarInt.decodeLong(data));
      productIds[row] = productId;
      scoredAtMicros[row] = scoredAt;
      scores[row] = data.readFloat();
    }
    return new StoreScores(model, productIds, scores, scoredAtMicros);
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
