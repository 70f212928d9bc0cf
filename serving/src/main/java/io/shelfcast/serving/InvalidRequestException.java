package io.shelfcast.serving;

/** The request is wrong: where, and what to change. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * A wrong request.
   *
   * @param pointer the JSON pointer of the field at fault, such as {@code /product_ids/3}; empty:
   *     the request as a whole
   * @param detail what is wrong and what to write instead
   */
  InvalidRequestException(String pointer, String detail) {
    super(detail);
    this.pointer = pointer;
  }

  /** The JSON pointer of the field at fault; empty: the request as a whole. */
  public String pointer() {
    return pointer;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is filled in.
  public Throwable fillInStackTrace() {
    return this; // It says all there is to say, and a client at fault may send many.
  }
}
