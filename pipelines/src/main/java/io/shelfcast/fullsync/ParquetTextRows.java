package io.shelfcast.fullsync;

import io.shelfcast.domain.Micros;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.RowRules;
import io.shelfcast.snowflake.UnloadedRow;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of which a number or a time is text, because it is text in the table that they were
 * unloaded from: all as text, as CSV is read.
 */
final class ParquetTextRows {

  private final Map<Column, ColumnReader> readers;
  private final UnloadedRowText text;

  ParquetTextRows(
      Map<Column, ColumnReader> readers, RowRules rules, @Nullable String defaultModelVersion) {
    this.readers = readers;
    // Times that are numbers are made text here.
    this.text = new UnloadedRowText(rules, defaultModelVersion, false);
  }

  void read(long count, BatchAssembler rows) {
    for (long row = 0; row < count; row++) {
      int unused =
          text.read(
              new UnloadedRow(
                  value(Column.STORE_ID),
                  value(Column.PRODUCT_ID),
                  value(Column.MODEL_VERSION),
                  value(Column.SCORE),
                  value(Column.SCORED_AT)),
              rows);
      readers.values().forEach(ColumnReader::consume);
    }
  }

  private @Nullable String value(Column column) {
    ColumnReader reader = readers.get(column);
    return reader != null && ParquetColumns.isPresent(reader) ? value(column, reader) : null;
  }

  private static String value(Column column, ColumnReader reader) {
    PrimitiveType type = reader.getDescriptor().getPrimitiveType();
    if (ParquetColumns.isText(type)) {
      return reader.getBinary().toStringUsingUTF8();
    }
    return switch (column) {
      case STORE_ID, PRODUCT_ID, MODEL_VERSION -> WholeColumn.of(type).text(reader);
      case SCORE ->
          type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.FLOAT
              ? String.valueOf(reader.getFloat())
              : String.valueOf(reader.getDouble());
      case SCORED_AT -> Micros.toInstant(TimeColumn.of(type).micros(reader)).toString();
    };
  }
}
