package io.shelfcast.policy;

/**
 * What a rule adds to the thresholds that another rule sets.
 *
 * @param addLow added to {@code low}, -1 to 1
 * @param addOut added to {@code out}, -1 to 1
 */
public record ThresholdDelta(double addLow, double addOut) implements ThresholdChange {

  /**
   * @throws IllegalArgumentException naming the number that is wrong
   */
  public ThresholdDelta {
    check("add_low", addLow);
    check("add_out", addOut);
  }

  private static void check(String name, double value) {
    if (!(value >= -1 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s is %s; write a number from -1 to 1".formatted(name, value));
    }
  }
}
