package io.shelfcast.fullsync;

import io.shelfcast.domain.Micros;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowPayload;
import io.shelfcast.quality.RowRules;
import io.shelfcast.quality.ScoreText;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of which a number or a time is text, because it is text in the table that they were
 * unloaded from: all as text, as CSV is read.
 */
final class ParquetTextRows {

  private final EnumMap<Column, ColumnReader> readers;
  private final @Nullable String defaultModelVersion;
  private final ScoreText text;

  ParquetTextRows(
      EnumMap<Column, ColumnReader> readers, RowRules rules, @Nullable String defaultModelVersion) {
    this.readers = readers;
    this.defaultModelVersion = defaultModelVersion;
    this.text = new ScoreText(rules, defaultModelVersion);
  }

  void read(long count, BatchAssembler rows) {
    for (long row = 0; row < count; row++) {
      Map<Column, @Nullable String> values = values();
      Rejection wrong =
          text.read(
              values.get(Column.STORE_ID),
              values.get(Column.PRODUCT_ID),
              values.get(Column.MODEL_VERSION),
              values.get(Column.SCORE),
              values.get(Column.SCORED_AT));
      if (wrong == null) {
        rows.accept(
            BatchAssembler.NO_POSITION,
            text.modelVersion(),
            text.storeId(),
            text.productId(),
            text.score(),
            text.scoredAtMicros());
      } else {
        rows.reject(BatchAssembler.NO_POSITION, payload(values), wrong);
      }
      readers.values().forEach(ColumnReader::consume);
    }
  }

  private Map<Column, @Nullable String> values() {
    Map<Column, @Nullable String> values = new EnumMap<>(Column.class);
    readers.forEach(
        (column, reader) ->
            values.put(column, ParquetColumns.isPresent(reader) ? value(column, reader) : null));
    return values;
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

  private String payload(Map<Column, @Nullable String> values) {
    Map<String, @Nullable String> named = new LinkedHashMap<>();
    for (Column column : Column.values()) {
      String value = values.get(column);
      named.put(
          column.word(),
          column == Column.MODEL_VERSION && value == null ? defaultModelVersion : value);
    }
    return RowPayload.of(named);
  }
}
