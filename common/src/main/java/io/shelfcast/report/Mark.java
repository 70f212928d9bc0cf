package io.shelfcast.report;

import static io.shelfcast.report.NumberText.drawable;

/**
 * A point that is pointed out, such as a chosen threshold.
 *
 * @param x finite, in the unit of the axis
 * @param y as x
 * @param label stands beside it where there is room, and is told when the pointer is over it
 */
public record Mark(double x, double y, String label) {

  public Mark {
    drawable(x, "the x of mark '%s'".formatted(label));
    drawable(y, "the y of mark '%s'".formatted(label));
  }
}
