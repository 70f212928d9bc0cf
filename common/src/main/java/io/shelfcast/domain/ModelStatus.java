package io.shelfcast.domain;

import java.util.Locale;

/** What a model version's scores are used for. */
public enum ModelStatus {
  /** Stored, never served. */
  SHADOW,
  /** Served to the users of an experiment. */
  CANDIDATE,
  /** The default; at most one version has it, which the database enforces. */
  LIVE,
  /** No longer fed; its rows are rejected. */
  RETIRED;

  /** The word in SQL, flags and output: the constant in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The status of a word, as {@link #word()} gives it.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ModelStatus ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
