package io.shelfcast.serving;

/** Nothing can be answered yet, or for now; the message says why, and what to do. */
public final class NotReadyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotReadyException(String message) {
    super(message);
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is filled in.
  public Throwable fillInStackTrace() {
    return this; // There may be many in an outage.
  }
}
