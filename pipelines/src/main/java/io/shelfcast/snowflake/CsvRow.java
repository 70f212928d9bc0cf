package io.shelfcast.snowflake;

import io.shelfcast.quality.Column;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.apache.beam.sdk.io.snowflake.SnowflakeIO;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a line, which stand in the order of {@link UnloadQuery}'s columns. */
final class CsvRow implements SnowflakeIO.CsvMapper<UnloadedRow> {
  private static final long serialVersionUID = 1L;

  private final EnumMap<Column, Integer> fieldOf = new EnumMap<>(Column.class);
  private final EnumSet<Column> text = EnumSet.noneOf(Column.class);

  CsvRow(UnloadQuery query) {
    for (Column column : Column.values()) {
      if (column != Column.MODEL_VERSION || query.hasModelVersion()) {
        fieldOf.put(column, fieldOf.size());
      }
      if (query.isText(column)) {
        text.add(column);
      }
    }
  }

  @Override
  public UnloadedRow mapRow(String[] fields) {
    if (fields.length != fieldOf.size()) {
      // All rows have the same columns, and text is encoded: so this is not a bad row but a
      // misunderstanding, after which no value can be trusted.
      throw new SnowflakeException(
          "a line of the unload has %d fields where the query has %d"
              .formatted(fields.length, fieldOf.size()));
    }
    return new UnloadedRow(
        value(fields, Column.STORE_ID),
        value(fields, Column.PRODUCT_ID),
        value(fields, Column.MODEL_VERSION),
        value(fields, Column.SCORE),
        value(fields, Column.SCORED_AT));
  }

  private @Nullable String value(String[] fields, Column column) {
    Integer field = ((Map<Column, Integer>) fieldOf).get(column);
    if (field == null) {
      return null;
    }
    String value = fields[field];
    if (text.contains(column)) {
      return TextCode.decode(value);
    }
    // NULL is unloaded as \N, of which SnowflakeIO swallows the backslash; no number is an N.
    return value.equals("N") || value.equals("\\N") || value.isEmpty() ? null : value;
  }
}
