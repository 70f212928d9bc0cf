package io.shelfcast.quality;

import java.util.Locale;

/** What the quality gate made of an input. */
public enum GateVerdict {
  /** Every check passed. */
  PASSED,
  /** Some failed, and the run was told only to warn. */
  WARNED,
  /** Some failed, and somebody gave a reason to go on all the same. */
  FORCED,
  /** Some failed: nothing of the input becomes visible. */
  REFUSED;

  /** The word in SQL and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verdict that the word stands for. */
  public static GateVerdict ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
