package io.shelfcast.store;

import java.sql.SQLException;

/**
 * The database could not do what was asked of it; the message says so in one line, and what to do.
 */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Tells an error of the driver in the words of whoever has to mend it. */
  static DatabaseException of(SQLException error, DatabaseConfig config) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    String said = firstLine(error);
    String url = config.jdbcUrl().replaceAll("[?].*", "");
    String message =
        switch (state) {
          case "28P01", "28000" ->
              "the database %s refused the login: %s. Check --jdbcUser and --jdbcPassword."
                  .formatted(url, said);
          case "3D000" -> "%s at %s. Create the database, or check --jdbcUrl.".formatted(said, url);
          case "42501" ->
              "the database user lacks a privilege: %s. Grant it, or use another --jdbcUser."
                  .formatted(said);
          case "25006" ->
              "the database %s is read-only: %s. --jdbcUrl has to be the primary, and its user"
                      .formatted(url, said)
                  + " one that may write.";
          case "53100" ->
              "the database is out of disk space: %s. Free some, and run again.".formatted(said);
          default -> {
            if (state.startsWith("08")) {
              yield "cannot reach the database %s: %s Is it running, and is --jdbcUrl right?"
                  .formatted(url, said);
            }
            yield "the database refused a statement (SQLSTATE %s): %s".formatted(state, said);
          }
        };
    return new DatabaseException(message, error);
  }

  /**
   * What the server or, if it never got that far, the driver said; the pool's own words are
   * dropped.
   */
  static String firstLine(SQLException error) {
    Throwable cause = error;
    while (cause.getCause() instanceof SQLException deeper) {
      cause = deeper;
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.lines().findFirst().orElse("").replaceFirst("^(FATAL|ERROR): ", "");
  }
}
