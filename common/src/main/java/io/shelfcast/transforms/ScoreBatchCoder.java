package io.shelfcast.transforms;

import io.shelfcast.domain.ScoreBatch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Columns one after the other. Ids, positions and times as differences to the row before, zigzag
 * and in base 128: files mostly come in the order of their keys, and then a row takes some 12 bytes
 * in place of 40.
 */
public final class ScoreBatchCoder extends AtomicCoder<ScoreBatch> {
  private static final long serialVersionUID = 1L;

  private static final ScoreBatchCoder INSTANCE = new ScoreBatchCoder();

  private ScoreBatchCoder() {}

  public static ScoreBatchCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ScoreBatch batch, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeLong(batch.id().getMostSignificantBits());
    data.writeLong(batch.id().getLeastSignificantBits());
    data.writeUTF(batch.source());
    data.writeUTF(batch.modelVersion());
    int size = batch.size();
    VarInt.encode(size, data);
    long before = 0;
    for (int i = 0; i < size; i++) {
      before = writeDifference(batch.position(i), before, data);
    }
    before = 0;
    for (int i = 0; i < size; i++) {
      before = writeDifference(batch.storeId(i), before, data);
    }
    before = 0;
    for (int i = 0; i < size; i++) {
      before = writeDifference(batch.productId(i), before, data);
    }
    before = 0;
    for (int i = 0; i < size; i++) {
      before = writeDifference(batch.scoredAtMicros(i), before, data);
    }
    for (int i = 0; i < size; i++) {
      data.writeLong(Double.doubleToRawLongBits(batch.score(i)));
    }
    data.writeBoolean(batch.isRequested());
    if (batch.isRequested()) {
      before = 0;
      for (int i = 0; i < size; i++) {
        before = writeDifference(batch.requestedAtMicros(i), before, data);
      }
    }
  }

  @Override
  public ScoreBatch decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    UUID id = new UUID(data.readLong(), data.readLong());
    String source = data.readUTF();
    String modelVersion = data.readUTF();
    int size = VarInt.decodeInt(data);
    long[] positions = readDifferences(size, data);
    long[] storeIds = readDifferences(size, data);
    long[] productIds = readDifferences(size, data);
    long[] scoredAtMicros = readDifferences(size, data);
    double[] scores = new double[size];
    for (int i = 0; i < size; i++) {
      scores[i] = Double.longBitsToDouble(data.readLong());
    }
    boolean requested = data.readBoolean();
    long[] requestedAtMicros = requested ? readDifferences(size, data) : new long[0];
    ScoreBatch.Builder builder = ScoreBatch.builder(source, modelVersion, size);
    for (int i = 0; i < size; i++) {
      builder.add(positions[i], storeIds[i], productIds[i], scores[i], scoredAtMicros[i]);
      if (requested) {
        builder.requestedAt(requestedAtMicros[i]);
      }
    }
    return builder.build(id);
  }

  /** Overflow is no harm: it wraps back when the difference is added again. */
  private static long writeDifference(long value, long before, OutputStream out)
      throws IOException {
    long difference = value - before;
    VarInt.encode((difference << 1) ^ (difference >> 63), out);
    return value;
  }

  private static long[] readDifferences(int size, InputStream in) throws IOException {
    long[] values = new long[size];
    long before = 0;
    for (int i = 0; i < size; i++) {
      long zigzag = VarInt.decodeLong(in);
      before += (zigzag >>> 1) ^ -(zigzag & 1);
      values[i] = before;
    }
    return values;
  }
}
