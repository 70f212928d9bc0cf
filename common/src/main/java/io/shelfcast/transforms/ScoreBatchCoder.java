package io.shelfcast.transforms;

import io.shelfcast.domain.ScoreBatch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.jspecify.annotations.Nullable;

/**
 * Columns one after the other. Ids, positions and times as differences to the row before, zigzag
 * and in base 128: files mostly come in the order of their keys, and then a row takes some 12 bytes
 * in place of 40. In an array, and from there to the stream in one go: byte by byte an engine's
 * streams cost several times what the rest does.
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
    data.writeInt(batch.size());
    data.writeBoolean(batch.isRequested());
    ColumnBytes.Writer columns = new ColumnBytes.Writer(batch.size());
    columns.longs(batch::position);
    columns.longs(batch::storeId);
    columns.longs(batch::productId);
    columns.longs(batch::scoredAtMicros);
    columns.doubles(batch::score);
    if (batch.isRequested()) {
      columns.longs(batch::requestedAtMicros);
    }
    columns.writeTo(data);
  }

  @Override
  public ScoreBatch decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    UUID id = new UUID(data.readLong(), data.readLong());
    String source = data.readUTF();
    String modelVersion = data.readUTF();
    int size = data.readInt();
    boolean requested = data.readBoolean();
    ColumnBytes.Reader columns = new ColumnBytes.Reader(size, data);
    long[] positions = columns.longs();
    long[] storeIds = columns.longs();
    long[] productIds = columns.longs();
    long[] scoredAtMicros = columns.longs();
    double[] scores = columns.doubles();
    long @Nullable [] requestedAtMicros = requested ? columns.longs() : null;
    return ScoreBatch.ofColumns(
        id,
        source,
        modelVersion,
        positions,
        storeIds,
        productIds,
        scores,
        scoredAtMicros,
        requestedAtMicros);
  }
}
