package io.shelfcast.store;

import java.util.Locale;

/** What a run in the ledger does. */
public enum RunKind {
  FULL_SYNC,
  REPLAY,
  /** Deletes scores that are too old. */
  EXPIRE,
  /** Drops the partition of a retired model version. */
  RETIRE;

  /** The word in SQL and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RunKind ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
