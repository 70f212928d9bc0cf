package io.shelfcast.report;

import static io.shelfcast.report.NumberText.drawable;

/**
 * A point of a {@link Series}.
 *
 * @param x finite, in the unit of the axis: shares from 0 to 1
 * @param y as x
 * @param count of the observations behind it, which a dot's area shows; 0 for a point that the line
 *     just runs through
 */
public record Point(double x, double y, long count) {

  public Point {
    drawable(x, "the x of a point");
    drawable(y, "the y of a point");
    if (count < 0) {
      throw new IllegalArgumentException("a point stands for %d observations".formatted(count));
    }
  }

  /** A point without a dot. */
  public Point(double x, double y) {
    this(x, y, 0);
  }
}
