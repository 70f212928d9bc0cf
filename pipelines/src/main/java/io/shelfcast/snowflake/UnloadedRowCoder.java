package io.shelfcast.snowflake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.jspecify.annotations.Nullable;

/** Field by field. */
public final class UnloadedRowCoder extends AtomicCoder<UnloadedRow> {
  private static final long serialVersionUID = 1L;

  private static final UnloadedRowCoder INSTANCE = new UnloadedRowCoder();
  private static final Coder<@Nullable String> TEXT = NullableCoder.of(StringUtf8Coder.of());

  private UnloadedRowCoder() {}

  public static UnloadedRowCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(UnloadedRow row, OutputStream out) throws IOException {
    TEXT.encode(row.storeId(), out);
    TEXT.encode(row.productId(), out);
    TEXT.encode(row.modelVersion(), out);
    TEXT.encode(row.score(), out);
    TEXT.encode(row.scoredAt(), out);
  }

  @Override
  public UnloadedRow decode(InputStream in) throws IOException {
    return new UnloadedRow(
        TEXT.decode(in), TEXT.decode(in), TEXT.decode(in), TEXT.decode(in), TEXT.decode(in));
  }
}
