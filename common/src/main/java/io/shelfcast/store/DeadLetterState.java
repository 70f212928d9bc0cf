package io.shelfcast.store;

import java.util.Locale;

/** Where a dead letter stands. */
public enum DeadLetterState {
  /** To be replayed, or discarded. */
  OPEN,
  /** Applied in the end. */
  REPLAYED,
  /** Given up by a person. */
  DISCARDED;

  /** The word in SQL, flags and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DeadLetterState ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
