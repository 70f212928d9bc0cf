package io.shelfcast.snowflake.emulator;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of a result, with the type that Snowflake calls it by. */
record Column(String name, Type type, int precision, int scale) {

  enum Type {
    FIXED,
    REAL,
    TEXT,
    BOOLEAN,
    DATE,
    TIMESTAMP_NTZ,
    TIMESTAMP_LTZ
  }

  static Column fixed(String name) {
    return new Column(name, Type.FIXED, 38, 0);
  }

  static Column text(String name) {
    return new Column(name, Type.TEXT, 0, 0);
  }

  static List<Column> of(ResultSetMetaData of) throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= of.getColumnCount(); i++) {
      columns.add(of(of, i));
    }
    return columns;
  }

  private static Column of(ResultSetMetaData of, int i) throws SQLException {
    String name = of.getColumnLabel(i);
    String type = of.getColumnTypeName(i);
    if (type.startsWith("DECIMAL")) {
      return new Column(name, Type.FIXED, of.getPrecision(i), of.getScale(i));
    }
    return switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT" -> fixed(name);
      case "FLOAT", "DOUBLE" -> new Column(name, Type.REAL, 0, 0);
      case "VARCHAR" -> text(name);
      // NULL without a type.
      case "\"NULL\"" -> text(name);
      case "BOOLEAN" -> new Column(name, Type.BOOLEAN, 0, 0);
      case "DATE" -> new Column(name, Type.DATE, 0, 0);
      case "TIMESTAMP" -> new Column(name, Type.TIMESTAMP_NTZ, 0, 9);
      case "TIMESTAMP WITH TIME ZONE" -> new Column(name, Type.TIMESTAMP_LTZ, 0, 9);
      default -> throw SqlFailure.unsupported("type %s of column %s".formatted(type, name));
    };
  }

  /** A value as the driver reads it from a result in JSON. */
  @Nullable String wire(ResultSet rows, int i) throws SQLException {
    @Nullable Object value = rows.getObject(i);
    if (value == null) {
      return null;
    }
    return switch (type) {
      case BOOLEAN -> value.equals(true) ? "1" : "0";
      case DATE -> Long.toString(rows.getObject(i, LocalDate.class).toEpochDay());
      case TIMESTAMP_NTZ ->
          seconds(rows.getObject(i, LocalDateTime.class).atOffset(ZoneOffset.UTC));
      case TIMESTAMP_LTZ -> seconds(rows.getObject(i, OffsetDateTime.class));
      default -> value.toString();
    };
  }

  private static String seconds(OffsetDateTime time) {
    return "%d.%09d".formatted(time.toEpochSecond(), time.getNano());
  }
}
