package io.shelfcast.store;

import java.util.Arrays;

/**
 * What a read found of the items that it was asked for, in the order asked. Not for several threads
 * at once.
 */
public final class FoundScores {

  /** The time of an item that has no score. */
  public static final long NONE = Long.MIN_VALUE;

  private final float[] scores;
  private final long[] scoredAtMicros;

  /** What is found of so many items where there is nothing. */
  public static FoundScores none(int items) {
    return new FoundScores(items);
  }

  FoundScores(int items) {
    scores = new float[items];
    scoredAtMicros = new long[items];
    Arrays.fill(scoredAtMicros, NONE);
  }

  void set(int item, float score, long atMicros) {
    scores[item] = score;
    scoredAtMicros[item] = atMicros;
  }

  /** The number of items asked for. */
  public int size() {
    return scores.length;
  }

  /** Whether the model version has a score of the item. */
  public boolean isFound(int item) {
    return scoredAtMicros[item] != NONE;
  }

  /** The item's score; only where one {@link #isFound}. */
  public float score(int item) {
    return scores[item];
  }

  /** When it was made, in microseconds since 1970 (UTC), or {@link #NONE}. */
  public long scoredAtMicros(int item) {
    return scoredAtMicros[item];
  }
}
