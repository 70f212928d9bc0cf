package io.shelfcast.fullsync;

import io.shelfcast.quality.Column;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the columns of the contract are called in the files. Where nothing is said, the same. */
final class ColumnMapping implements Serializable {
  private static final long serialVersionUID = 1L;

  private final EnumMap<Column, String> names;

  private ColumnMapping(EnumMap<Column, String> names) {
    this.names = names;
  }

  /**
   * Takes {@code contract_name=file_name} pairs.
   *
   * @throws IllegalArgumentException when one is not such a pair
   */
  static ColumnMapping parse(@Nullable List<String> pairs) {
    EnumMap<Column, String> names = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      names.put(column, column.word());
    }
    for (String pair : pairs == null ? List.<String>of() : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new IllegalArgumentException(
            "--columns has '%s'; write pairs such as store_id=STORE".formatted(pair));
      }
      names.put(column(pair.substring(0, equals)), pair.substring(equals + 1));
    }
    return new ColumnMapping(names);
  }

  private static Column column(String word) {
    try {
      return Column.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--columns names '%s'; the columns are store_id, product_id, model_version, score, scored_at"
              .formatted(word),
          e);
    }
  }

  /** The column's name in the files. */
  String nameOf(Column column) {
    return names.getOrDefault(column, column.word());
  }
}
