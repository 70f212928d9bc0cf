package io.shelfcast.policy;

/** A policy that cannot be; the message says in one line where, why, and what to write instead. */
public final class InvalidPolicyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidPolicyException(String message) {
    super(message);
  }

  InvalidPolicyException(String message, Throwable cause) {
    super(message, cause);
  }
}
