package io.shelfcast.scoring;

import java.util.BitSet;

/**
 * The scores of the items asked for, in the order asked, as the model gave them: that each is a
 * probability is for the row rules to say.
 */
public final class Scores implements ScoringAnswer {

  private final double[] scores;
  private final BitSet missing;
  private final long scoredAtMicros;

  /** Takes the arrays over. */
  Scores(double[] scores, BitSet missing, long scoredAtMicros) {
    this.scores = scores;
    this.missing = missing;
    this.scoredAtMicros = scoredAtMicros;
  }

  /** The number of items. */
  public int size() {
    return scores.length;
  }

  /** Whether the model gave null for the item: it knows no score for it. */
  public boolean isMissing(int item) {
    return missing.get(item);
  }

  /** The item's score; NaN when it is missing. */
  public double score(int item) {
    return missing.get(item) ? Double.NaN : scores[item];
  }

  /**
   * When the model made the scores, in microseconds since 1970 (UTC): as it says itself, else when
   * its answer came.
   */
  public long scoredAtMicros() {
    return scoredAtMicros;
  }

  @Override
  public String toString() {
    return "Scores[" + scores.length + " items, " + missing.cardinality() + " missing]";
  }
}
