package io.shelfcast.snowflake.emulator;

/** What Snowflake answers in place of a result: its code, SQL state and message. */
final class SqlFailure extends RuntimeException {

  private final String code;
  private final String sqlState;

  SqlFailure(String code, String sqlState, String message) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }

  static SqlFailure compilation(String message) {
    return new SqlFailure("001003", "42000", "SQL compilation error:\n" + message);
  }

  static SqlFailure noSuchObject(String name) {
    return new SqlFailure(
        "002003",
        "42S02",
        "SQL compilation error:\nObject '%s' does not exist or not authorized.".formatted(name));
  }

  static SqlFailure noSuchColumn(String name) {
    return new SqlFailure(
        "000904", "42000", "SQL compilation error:\ninvalid identifier '%s'".formatted(name));
  }

  static SqlFailure noSuchFunction(String name) {
    return new SqlFailure(
        "002140", "42601", "SQL compilation error:\nUnknown function %s".formatted(name));
  }

  /** For what Snowflake knows and the stand-in does not: never an answer made up. */
  static SqlFailure unsupported(String feature) {
    return new SqlFailure(
        "000002",
        "0A000",
        "SQL compilation error:\nUnsupported feature '%s' (of this stand-in for Snowflake)."
            .formatted(feature));
  }

  String code() {
    return code;
  }

  String sqlState() {
    return sqlState;
  }
}
