package io.shelfcast.experiment;

import java.math.BigDecimal;

/**
 * A share of users.
 *
 * @param tenths in tenths of a percent, from 0 to 1,000
 */
public record Percentage(int tenths) {

  private static final int WHOLE = 1000;

  public Percentage {
    if (tenths < 0 || tenths > WHOLE) {
      throw new IllegalArgumentException(
          "%s %% is no share; write 0 to 100".formatted(BigDecimal.valueOf(tenths, 1)));
    }
  }

  /**
   * The share that somebody wrote, such as {@code 5} or {@code 0.5}.
   *
   * @throws IllegalArgumentException when it is none, or finer than a tenth of a percent
   */
  public static Percentage parse(String text) {
    try {
      return new Percentage(new BigDecimal(text).movePointRight(1).intValueExact());
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'%s' is no share of users; write 0 to 100, in steps of 0.1".formatted(text), e);
    }
  }

  /** As {@link #parse} reads it, in percent: {@code 5}, {@code 0.5}. */
  @Override
  public String toString() {
    return tenths % 10 == 0 ? String.valueOf(tenths / 10) : tenths / 10 + "." + tenths % 10;
  }
}
