package io.shelfcast.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a plot. Immutable.
 *
 * @param name stands in the legend; the same name has the same colour wherever it can
 * @param points in the order they are joined; none for "no data"
 * @param band around the line; none if empty
 * @param marks on it
 */
public record Series(String name, List<Point> points, List<Interval> band, List<Mark> marks) {

  public Series {
    points = List.copyOf(points);
    band = List.copyOf(band);
    marks = List.copyOf(marks);
  }

  /** A line without band and marks. */
  public static Series of(String name, List<Point> points) {
    return new Series(name, points, List.of(), List.of());
  }

  /** With a band around the line, its places in the order they are joined. */
  public Series withBand(List<Interval> intervals) {
    return new Series(name, points, intervals, marks);
  }

  /** With one more point that is pointed out. */
  public Series withMark(double x, double y, String label) {
    List<Mark> all = new ArrayList<>(marks);
    all.add(new Mark(x, y, label));
    return new Series(name, points, band, all);
  }

  boolean hasNoData() {
    return points.isEmpty() && band.isEmpty() && marks.isEmpty();
  }
}
