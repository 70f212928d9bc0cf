package io.shelfcast.local.postgres;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL cannot be used; the message says what to do about it. */
public final class LocalPostgresException extends IOException {
  LocalPostgresException(String message) {
    super(message);
  }

  LocalPostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
