package io.shelfcast.report;

import static io.shelfcast.report.NumberText.drawable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a plot. It reaches from the least to the greatest of what is drawn, and on to round
 * numbers. Immutable.
 *
 * @param title what is measured along it
 * @param unit how its numbers are written
 * @param covered numbers that it reaches in any case
 */
public record Axis(String title, Unit unit, List<Double> covered) {

  /** How the numbers of an axis are written. */
  public enum Unit {
    /** As they are. */
    NUMBER,
    /** Times a hundred, with a percent sign. */
    PERCENT
  }

  public Axis {
    covered = List.copyOf(covered);
    covered.forEach(value -> drawable(value, "what the axis '%s' covers".formatted(title)));
  }

  /** Of plain numbers. */
  public static Axis number(String title) {
    return new Axis(title, Unit.NUMBER, List.of());
  }

  /** Of shares, from 0 for 0 % to 1 for 100 %. */
  public static Axis percent(String title) {
    return new Axis(title, Unit.PERCENT, List.of());
  }

  /** Reaching at least from one number to another, and further where there is something to draw. */
  public Axis covering(double from, double to) {
    List<Double> more = new ArrayList<>(covered);
    more.add(from);
    more.add(to);
    return new Axis(title, unit, more);
  }

  /**
   * A number as it stands along this axis.
   *
   * @param decimals of the number itself; a share has two fewer as a percentage
   */
  String text(BigDecimal value, int decimals) {
    return unit == Unit.PERCENT
        ? NumberText.percent(value, Math.max(0, decimals - 2))
        : NumberText.fixed(value, Math.max(0, decimals));
  }
}
