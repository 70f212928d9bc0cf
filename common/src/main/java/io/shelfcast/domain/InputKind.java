package io.shelfcast.domain;

import java.util.Locale;

/** What a dead letter's payload is, and so how it is replayed. */
public enum InputKind {
  /** A row of the score-row contract: it is read again. */
  SCORE_ROW,
  /** A refresh request: its scores are asked for again. */
  REFRESH_REQUEST;

  /** The word in SQL and output: the constant in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of a word, as {@link #word()} gives it.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static InputKind ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
