package io.shelfcast.local.model;

/** A call's body is not what the protocol asks for; the caller is told the message. */
final class MalformedCallException extends Exception {
  MalformedCallException(String message) {
    super(message);
  }
}
