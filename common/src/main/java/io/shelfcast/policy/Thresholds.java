package io.shelfcast.policy;

/**
 * The two thresholds that cut the scores into decisions; as a rule's change, those that it sets.
 *
 * @param low from here up an item is in stock, 0 to 1
 * @param out below here it is out, 0 to {@code low}
 */
public record Thresholds(double low, double out) implements ThresholdChange {

  /**
   * What applies while no policy was published, and where no rule of one sets thresholds: for a
   * model version that was not served yet when it was published.
   */
  public static final Thresholds DEFAULT = new Thresholds(0.7, 0.3);

  /**
   * @throws IllegalArgumentException naming the threshold that is wrong
   */
  public Thresholds {
    check("low", low);
    check("out", out);
    if (out > low) {
      throw new IllegalArgumentException(
          "low is %s and out is %s; low may not be less than out".formatted(low, out));
    }
  }

  private static void check(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s is %s; write a number from 0 to 1".formatted(name, value));
    }
  }

  /**
   * The decision for a score. Both are compared as the database stores scores, in 32 bits, so that
   * a score that was written as 0.7 is not below a threshold of 0.7.
   */
  public Decision decide(float score) {
    if (score >= (float) low) {
      return Decision.IN_STOCK;
    }
    return score >= (float) out ? Decision.LOW : Decision.OUT;
  }

  /**
   * These thresholds, moved. Each stays within 0 and 1, and {@code out} is at most the new {@code
   * low}.
   */
  public Thresholds plus(ThresholdDelta delta) {
    double newLow = clamped(low + delta.addLow());
    return new Thresholds(newLow, Math.min(newLow, clamped(out + delta.addOut())));
  }

  private static double clamped(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
