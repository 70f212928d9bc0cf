package io.shelfcast.tuning;

import java.io.Serializable;

/**
 * Where a value lies with 95 % confidence.
 *
 * @param low from here
 * @param high to here
 */
public record Interval(double low, double high) implements Serializable {

  private static final double Z = 1.959963984540054;

  /**
   * @throws IllegalArgumentException when it ends before it begins
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("%s to %s is no interval".formatted(low, high));
    }
  }

  /**
   * Wilson's interval of a share, which takes its trials as independent of each other.
   *
   * @throws IllegalArgumentException when there are no trials
   */
  static Interval wilson(long successes, long trials) {
    if (trials <= 0 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException("%d of %d is no share".formatted(successes, trials));
    }
    double n = trials;
    double p = successes / n;
    double middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
    return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
  }
}
