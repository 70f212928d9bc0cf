package io.shelfcast.run;

import java.io.FileNotFoundException;

/** Tells in one line what a run failed of, from whatever a runner wrapped it in. */
public final class FailureMessage {

  private FailureMessage() {}

  /**
   * The message of the first exception of ours in the chain of causes, or else of the last cause.
   */
  public static String of(Throwable failure) {
    Throwable told = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      told = cause;
      if (isOurs(cause)) {
        break;
      }
    }
    String message = told.getMessage();
    String line = message == null ? "" : message.lines().findFirst().orElse("").strip();
    if (line.isEmpty()) {
      return told.getClass().getName();
    }
    // The name of a general exception tells nothing; that of a special one may.
    return isOurs(told) || told.getClass() == IllegalStateException.class
        ? line
        : told.getClass().getSimpleName() + ": " + line;
  }

  private static boolean isOurs(Throwable failure) {
    // Beam says "No files matched spec: …", which needs no words of ours.
    return failure instanceof FileNotFoundException
        || failure.getClass().getName().startsWith("io.shelfcast.");
  }
}
