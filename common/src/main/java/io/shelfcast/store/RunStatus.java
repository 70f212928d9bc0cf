package io.shelfcast.store;

import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
  RUNNING,
  SUCCEEDED,
  FAILED,
  /** The quality gate refused it; it changed nothing that a reader sees. */
  REFUSED;

  /** The word in SQL and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RunStatus ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
