package io.shelfcast.fullsync;

import io.shelfcast.quality.Column;

/**
 * An input as a whole that cannot be used; the message names it and says what to do, in one line.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A file that cannot be read for what it is. */
  static InputException unreadable(String file, String format, Throwable cause) {
    String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new InputException(
        "cannot read %s as %s: %s"
            .formatted(file, format, said.lines().findFirst().orElse("").strip()),
        cause);
  }

  /** A directory where files were to be named. */
  static InputException directory(String file) {
    return new InputException(
        "%s is a directory; name the files in it, as in %s*.parquet".formatted(file, file));
  }

  /** A column that a file does not have; says how to name the one that it has. */
  static InputException missingColumn(String file, Column column, String name) {
    String instead =
        column == Column.MODEL_VERSION
            ? "; name the model version with --modelVersion, or the column with --columns"
            : "; if it is called otherwise, say so: --columns=%s=NAME".formatted(column.word());
    return new InputException("%s has no column '%s'%s".formatted(file, name, instead));
  }
}
