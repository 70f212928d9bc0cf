package io.shelfcast.outcomes;

import io.shelfcast.tuning.Segment;

/** An outcome, and the scores that were in force at its time. Immutable. */
final class ScoredOutcome {

  private final Segment segment;
  private final int storeGroup;
  private final long orderedAtMicros;
  private final boolean found;
  private final int[] bins;

  /**
   * @param segment of its item, at its time
   * @param storeGroup of its store
   * @param bins of its score by each model version
   */
  ScoredOutcome(Segment segment, int storeGroup, long orderedAtMicros, boolean found, int[] bins) {
    this.segment = segment;
    this.storeGroup = storeGroup;
    this.orderedAtMicros = orderedAtMicros;
    this.found = found;
    this.bins = bins;
  }

  Segment segment() {
    return segment;
  }

  int storeGroup() {
    return storeGroup;
  }

  long orderedAtMicros() {
    return orderedAtMicros;
  }

  boolean found() {
    return found;
  }

  int models() {
    return bins.length;
  }

  int bin(int model) {
    return bins[model];
  }
}
