package io.shelfcast.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where something is drawn, in units of the drawing.
 *
 * @param x to the right
 * @param y downwards
 */
record Place(double x, double y) {

  /** About half a letter of the smallest labels. */
  private static final double STEP = 6;

  /** How far it is from the straight line between two others, ends included. */
  double distanceTo(Place start, Place end) {
    double dx = end.x - start.x;
    double dy = end.y - start.y;
    double square = dx * dx + dy * dy;
    double along = square == 0 ? 0 : ((x - start.x) * dx + (y - start.y) * dy) / square;
    double nearest = Math.min(1, Math.max(0, along));
    return Math.hypot(x - start.x - nearest * dx, y - start.y - nearest * dy);
  }

  /** These places, and more of them on the straight lines from one to the next. */
  static List<Place> along(List<Place> line) {
    List<Place> along = new ArrayList<>(line);
    for (int i = 1; i < line.size(); i++) {
      Place from = line.get(i - 1);
      Place to = line.get(i);
      int steps = (int) Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STEP);
      for (int step = 1; step < steps; step++) {
        double part = (double) step / steps;
        along.add(new Place(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part));
      }
    }
    return along;
  }
}
