package io.shelfcast.store;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached, or did not answer in time: it may well do so in a moment. */
public final class DatabaseAwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseAwayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
