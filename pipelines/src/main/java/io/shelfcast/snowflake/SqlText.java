package io.shelfcast.snowflake;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names and values as they stand in Snowflake's SQL. */
final class SqlText {

  private static final String PART = "([A-Za-z_][A-Za-z0-9_$]*|\"(?:[^\"]|\"\")+\")";
  private static final Pattern NAME = Pattern.compile(PART);
  private static final Pattern PATH = Pattern.compile(PART + "(?:[.]" + PART + "){0,2}");

  private SqlText() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether it is one to three names, joined by dots. */
  static boolean isPath(String text) {
    return PATH.matcher(text).matches();
  }

  /** The last name of a path. */
  static String lastOf(String path) {
    String[] parts = path.split("[.](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    return parts[parts.length - 1];
  }

  /** Without its last name; empty if there is no other. */
  static String allButLastOf(String path) {
    int length = path.length() - lastOf(path).length();
    return length == 0 ? "" : path.substring(0, length - 1);
  }

  /** What an object of that name is called: unquoted names are in upper case. */
  static String stored(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toUpperCase(Locale.ROOT);
  }

  /** An object's stored name, for SQL. */
  static String quoted(String stored) {
    return '"' + stored.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A time, to the microsecond, that means the same in whatever zone the session is. */
  static String timestamp(Instant time) {
    return "'" + time + "'::TIMESTAMP_LTZ";
  }
}
