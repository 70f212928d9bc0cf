package io.shelfcast.snowflake;

/**
 * A column that a table or a query has.
 *
 * @param name as it is stored
 * @param kind what it holds
 * @param type what Snowflake calls that
 */
record SourceColumn(String name, Kind kind, String type) {

  /** What columns hold, as far as reading them differs. */
  enum Kind {
    WHOLE,
    DECIMAL,
    REAL,
    TIME,
    /** Text, or a VARIANT, which may be anything. */
    TEXT,
    OTHER
  }

  /** By the driver's type, which it has for each of Snowflake's. */
  static SourceColumn of(String name, String type, int scale) {
    String upper = type.toUpperCase(java.util.Locale.ROOT);
    Kind kind =
        switch (upper) {
          case "NUMBER", "DECIMAL", "NUMERIC", "BIGINT", "INTEGER", "INT", "SMALLINT", "TINYINT" ->
              scale == 0 ? Kind.WHOLE : Kind.DECIMAL;
          case "DOUBLE", "FLOAT", "REAL", "DOUBLE PRECISION" -> Kind.REAL;
          case "VARCHAR", "CHAR", "STRING", "TEXT", "VARIANT" -> Kind.TEXT;
          default -> upper.startsWith("TIMESTAMP") ? Kind.TIME : Kind.OTHER;
        };
    return new SourceColumn(name, kind, scale == 0 ? upper : upper + " with a fraction");
  }
}
