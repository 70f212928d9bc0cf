package io.shelfcast.report;

import static io.shelfcast.report.NumberText.drawable;

/**
 * Where the value at a place lies, such as a confidence interval; one after another they are the
 * band around a line.
 *
 * @param x the place
 * @param low at most high
 * @param high at least low
 */
public record Interval(double x, double low, double high) {

  public Interval {
    drawable(x, "the x of an interval");
    drawable(low, "the low end of an interval");
    drawable(high, "the high end of an interval");
    if (low > high) {
      throw new IllegalArgumentException(
          "the interval at %s starts at %s, above its end %s; hand in low, then high"
              .formatted(x, low, high));
    }
  }
}
