package io.shelfcast.snowflake;

import org.jspecify.annotations.Nullable;

/**
 * Text that comes whole through a CSV unload and SnowflakeIO, which reads a line at a time,
 * swallows backslashes and cannot tell NULL from the letter N: in the query what is special is
 * written as a percent sign and two digits, and here it becomes text again.
 */
final class TextCode {

  private static final String NULL = "%N";

  private TextCode() {}

  /** The SQL expression that encodes the text of an expression. */
  static String encoding(String expression) {
    return "COALESCE(REPLACE(REPLACE(REPLACE(REPLACE(%s, '%%', '%%25'), CHR(92), '%%5C'), CHR(10), '%%0A'), CHR(13), '%%0D'), '%%N')"
        .formatted(expression);
  }

  static @Nullable String decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    return encoded.equals(NULL)
        ? null
        : encoded
            .replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%5C", "\\")
            .replace("%25", "%");
  }
}
