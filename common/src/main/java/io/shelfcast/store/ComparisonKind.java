package io.shelfcast.store;

import java.util.Locale;

/** How two model versions were compared. */
public enum ComparisonKind {
  /** By what reads were answered, and would have been. */
  LIVE,
  /** By what turned out to be true. */
  OFFLINE;

  /** The word in SQL and output: the constant in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ComparisonKind ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
