package io.shelfcast.policy;

/** What a score means to whoever shows the item. */
public enum Decision {
  /** The score is at least {@code low}. */
  IN_STOCK,
  /** The score is at least {@code out}, and below {@code low}. */
  LOW,
  /** The score is below {@code out}. */
  OUT,
  /** There is no score. */
  UNKNOWN
}
