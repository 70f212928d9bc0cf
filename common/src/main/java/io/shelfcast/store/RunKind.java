package io.shelfcast.store;

import java.util.Locale;

/** What a run in the ledger does. */
public enum RunKind {
  FULL_SYNC,
  REPLAY;

  /** The word in SQL and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
