package io.shelfcast.tuning;

/**
 * The scores as they are counted: cut into steps of {@value #RESOLUTION_TEXT}. Whoever shows all
 * scores of a bin and of those above it has a threshold of {@link #edge}, which four digits write
 * exactly.
 */
public final class ScoreBins {

  /** The bin of the score 1 alone, and the greatest. */
  public static final int LAST = 10_000;

  static final String RESOLUTION_TEXT = "0.0001";

  private ScoreBins() {}

  /**
   * The bin of a score from 0 to 1. Scores are compared with thresholds in 32 bits, as decisions
   * are, so that no score of a bin is below the bin's own edge.
   *
   * @throws IllegalArgumentException when it is not from 0 to 1
   */
  public static int of(float score) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score %s is outside [0, 1]".formatted(score));
    }
    int bin = (int) (score * (double) LAST);
    // What rounding has put on the wrong side of an edge.
    if (bin < LAST && score >= (float) edge(bin + 1)) {
      return bin + 1;
    }
    return score < (float) edge(bin) ? bin - 1 : bin;
  }

  /** The threshold that shows a bin and all above it. */
  public static double edge(int bin) {
    return bin / (double) LAST;
  }

  /** The score that stands for all of a bin, where one has to. */
  static double middle(int bin) {
    return Math.min(1, (bin + 0.5) / LAST);
  }
}
