package io.shelfcast.snowflake;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Snowflake, or what is in it, cannot be used; the message says what to check, in one line. */
public final class SnowflakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_SAID = 300;

  public SnowflakeException(String message) {
    super(message);
  }

  SnowflakeException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What could not be done, in the words of the driver. */
  static SnowflakeException of(String what, SQLException cause) {
    String state = cause.getSQLState();
    return new SnowflakeException(
        "%s: %s%s".formatted(what, said(cause), hint(cause, state)), cause);
  }

  private static String hint(SQLException cause, @Nullable String state) {
    // The codes of https://docs.snowflake.com: 2003 does not exist or not authorized, 390144 JWT
    // invalid, 390100 incorrect user or password, 606 no active
    // warehouse, 707 no changes kept from that time.
    return switch (cause.getErrorCode()) {
      case 2003 -> " (is the name right, and does the role have the privilege on it?)";
      case 707 -> " (is its change tracking on? Then run once with --increment=none)";
      case 606 -> " (name one: --snowflakeWarehouse)";
      case 390144 -> " (has the user this public key, and is the user in upper case right?)";
      case 390100 -> " (check --snowflakeUser and the secret)";
      case 390303, 390318 -> " (the token is invalid or expired; get a new one)";
      default ->
          "57014".equals(state)
              ? " (the statement took too long, or was cancelled; a larger warehouse is faster)"
              : "";
    };
  }

  /** The first lines of it as one, bounded. */
  private static String said(SQLException cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String line = String.join(" ", message.lines().map(String::strip).toList());
    return line.length() <= MAX_SAID ? line : line.substring(0, MAX_SAID - 3) + "...";
  }
}
