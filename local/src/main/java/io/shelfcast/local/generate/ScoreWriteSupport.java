package io.shelfcast.local.generate;

import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** Puts a row's five values straight into Parquet's columns: no record object per row. */
final class ScoreWriteSupport extends WriteSupport<ScoreWriteSupport.Row> {
  /** Optional, though never null here, because the files of real models have them so. */
  static final MessageType SCHEMA =
      Types.buildMessage()
          .optional(INT64)
          .as(intType(64, true))
          .named("store_id")
          .optional(INT64)
          .as(intType(64, true))
          .named("product_id")
          .optional(BINARY)
          .as(stringType())
          .named("model_version")
          .optional(DOUBLE)
          .named("score")
          .optional(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("scored_at")
          .named("score");

  private final Binary modelVersion;

  @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row.
  private RecordConsumer out;

  ScoreWriteSupport(String modelVersion) {
    this.modelVersion = Binary.fromString(modelVersion);
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  @SuppressWarnings("deprecation") // Parquet still declares it abstract.
  public WriteContext init(Configuration configuration) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    out = recordConsumer;
  }

  @Override
  public void write(Row row) {
    out.startMessage();
    addLong("store_id", 0, row.storeId);
    addLong("product_id", 1, row.productId);
    out.startField("model_version", 2);
    out.addBinary(modelVersion);
    out.endField("model_version", 2);
    out.startField("score", 3);
    out.addDouble(row.score);
    out.endField("score", 3);
    addLong("scored_at", 4, row.scoredAtMicros);
    out.endMessage();
  }

  private void addLong(String name, int column, long value) {
    out.startField(name, column);
    out.addLong(value);
    out.endField(name, column);
  }

  /** One for a whole file: its writer fills it again for each row. */
  static final class Row {
    long storeId;
    long productId;
    double score;
    long scoredAtMicros;
  }
}
