package io.shelfcast.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The round numbers along an axis: a step of 1, 2 or 5 times a power of ten, from the last multiple
 * of it at or below what is drawn to the first at or above.
 *
 * @param from the first
 * @param to the last
 * @param step from one to the next
 */
record Ticks(BigDecimal from, BigDecimal to, BigDecimal step) {

  private static final List<BigDecimal> ROUND =
      Stream.of(1, 2, 5, 10).map(BigDecimal::valueOf).toList();

  /** Differences below this share of the numbers themselves are none. */
  private static final double LEAST_SHARE = 1e-6;

  private static final double LEAST = 1e-9;

  /**
   * Over everything from low to high. Where these are as good as equal, over some room around them.
   *
   * @param steps about how many; at most one more
   */
  static Ticks over(double low, double high, int steps) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (high - low < Math.max(LEAST, largest * LEAST_SHARE)) {
      double room = largest < LEAST ? 1 : largest / 10;
      return over(low - room, high + room, steps);
    }
    BigDecimal least = BigDecimal.valueOf((high - low) / steps);
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(least.precision() - least.scale() - 1);
    BigDecimal step =
        ROUND.stream()
            .map(power::multiply)
            .filter(candidate -> candidate.compareTo(least) >= 0)
            .findFirst()
            .orElseThrow();
    return new Ticks(
        multiple(low, step, RoundingMode.FLOOR), multiple(high, step, RoundingMode.CEILING), step);
  }

  /** All of them, upwards. */
  List<BigDecimal> values() {
    return Stream.iterate(from, tick -> tick.compareTo(to) <= 0, tick -> tick.add(step)).toList();
  }

  /** How many digits after the point tell one from the next. */
  int decimals() {
    return Math.max(0, step.stripTrailingZeros().scale());
  }

  private static BigDecimal multiple(double value, BigDecimal step, RoundingMode rounding) {
    return BigDecimal.valueOf(value).divide(step, 0, rounding).multiply(step);
  }
}
