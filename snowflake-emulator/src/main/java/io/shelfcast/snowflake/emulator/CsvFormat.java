package io.shelfcast.snowflake.emulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How Snowflake writes a value into a CSV file, by its documentation of unloads. */
record CsvFormat(
    String delimiter,
    String endOfRecord,
    @Nullable String quote,
    @Nullable String escape,
    @Nullable String escapeUnenclosed,
    String nullText,
    boolean emptyFieldAsNull) {

  static final CsvFormat DEFAULT = new CsvFormat(",", "\n", null, null, "\\", "\\N", true);

  private static final DateTimeFormatter WITHOUT_ZONE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter WITH_ZONE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS xx", Locale.ROOT);

  void write(StringBuilder out, ResultSet rows, int i, Column column) throws SQLException {
    @Nullable Object value = rows.getObject(i);
    if (value == null) {
      out.append(nullText);
      return;
    }
    switch (column.type()) {
      case FIXED -> out.append(value instanceof BigDecimal d ? d.toPlainString() : value);
      case REAL -> out.append(real(((Number) value).doubleValue()));
      case BOOLEAN, DATE -> out.append(value);
      case TIMESTAMP_NTZ -> out.append(rows.getObject(i, LocalDateTime.class).format(WITHOUT_ZONE));
      case TIMESTAMP_LTZ -> out.append(rows.getObject(i, OffsetDateTime.class).format(WITH_ZONE));
      case TEXT -> text(out, value.toString());
    }
  }

  /** A float keeps about fifteen digits and nine decimals, as documented. */
  private static String real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
    }
    BigDecimal cut = BigDecimal.valueOf(value).setScale(9, RoundingMode.DOWN).stripTrailingZeros();
    return cut.toPlainString();
  }

  private void text(StringBuilder out, String text) {
    if (quote != null) {
      String escaped = escape == null ? text : text.replace(escape, escape + escape);
      out.append(quote).append(escaped.replace(quote, quote + quote)).append(quote);
    } else if (text.isEmpty() && emptyFieldAsNull) {
      out.append("\"\"");
    } else if (escapeUnenclosed == null) {
      out.append(text);
    } else {
      out.append(
          text.replace(escapeUnenclosed, escapeUnenclosed + escapeUnenclosed)
              .replace(delimiter, escapeUnenclosed + delimiter)
              .replace("\n", escapeUnenclosed + "\n")
              .replace("\r", escapeUnenclosed + "\r"));
    }
  }
}
