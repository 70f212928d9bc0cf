package io.shelfcast.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** How numbers are written in a report, in every locale alike; for the texts around them too. */
public final class NumberText {

  private static final String MINUS = "\u2212";
  private static final String PERCENT = "\u00A0%";

  /** Beyond it a double has no digits left to draw a difference by. */
  private static final double MAX = 1e12;

  private NumberText() {}

  /**
   * A number with a fixed count of digits after the point, halves rounded away from zero: {@code
   * 1,234.50}.
   *
   * @throws IllegalArgumentException when it is not finite or beyond ±10¹²
   */
  public static String fixed(double value, int digits) {
    return fixed(BigDecimal.valueOf(drawable(value, "a number")), digits);
  }

  /** A whole number: {@code 12,345}. */
  public static String count(long value) {
    return fixed(BigDecimal.valueOf(value), 0);
  }

  /**
   * A share in percent: 0.9012 with one digit is {@code 90.1 %}.
   *
   * @throws IllegalArgumentException when it is not finite or beyond ±10¹²
   */
  public static String percent(double share, int digits) {
    return percent(BigDecimal.valueOf(drawable(share, "a share")), digits);
  }

  /**
   * A share with its interval: {@code 90.1 % (89.2–91.0)}.
   *
   * @throws IllegalArgumentException when one of them is not finite, or low is above high
   */
  public static String percent(double share, double low, double high, int digits) {
    if (low > high) {
      throw new IllegalArgumentException(
          "the interval of a share starts at %s, above its end %s; hand in low, then high"
              .formatted(low, high));
    }
    return "%s (%s\u2013%s)"
        .formatted(percent(share, digits), hundredfold(low, digits), hundredfold(high, digits));
  }

  static String fixed(BigDecimal value, int digits) {
    BigDecimal rounded = value.setScale(digits, RoundingMode.HALF_UP);
    String text = String.format(Locale.ROOT, "%,." + digits + "f", rounded.abs());
    return rounded.signum() < 0 ? MINUS + text : text;
  }

  static String percent(BigDecimal share, int digits) {
    return fixed(share.movePointRight(2), digits) + PERCENT;
  }

  /**
   * The same number, if it can be drawn.
   *
   * @param what names it in the message, such as "the x of a point"
   */
  static double drawable(double value, String what) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s is %s; leave out what has no finite number".formatted(what, value));
    }
    if (Math.abs(value) > MAX) {
      throw new IllegalArgumentException(
          "%s is %s; hand in numbers within ±10¹², in a larger unit".formatted(what, value));
    }
    return value;
  }

  /** A place in a drawing, to a tenth of its unit. */
  static String coordinate(double place) {
    long tenths = Math.round(place * 10);
    long whole = Math.abs(tenths / 10);
    long tenth = Math.abs(tenths % 10);
    return (tenths < 0 ? "-" : "") + whole + (tenth == 0 ? "" : "." + tenth);
  }

  private static String hundredfold(double share, int digits) {
    return fixed(
        BigDecimal.valueOf(drawable(share, "the end of an interval")).movePointRight(2), digits);
  }
}
