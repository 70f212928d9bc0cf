package io.shelfcast.report;

import static io.shelfcast.report.NumberText.coordinate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Draws one line of a plot, with what belongs to it. */
final class SeriesSvg {

  private final Markup out;
  private final Series series;
  private final LinePlot plot;
  private final Frame frame;
  private final String style;
  private final List<Point> points;
  private final List<Place> places;

  SeriesSvg(Markup out, Series series, LinePlot plot, Frame frame, String style) {
    this.out = out;
    this.series = series;
    this.plot = plot;
    this.frame = frame;
    this.style = style;
    List<Place> all = series.points().stream().map(frame::place).toList();
    this.points = Thinning.kept(all).stream().mapToObj(series.points()::get).toList();
    this.places = points.stream().map(frame::place).toList();
  }

  void band() {
    if (series.band().isEmpty()) {
      return;
    }
    List<Place> outline =
        thinned(series.band().stream().map(at -> frame.place(at.x(), at.high())).toList());
    List<Place> low =
        thinned(series.band().stream().map(at -> frame.place(at.x(), at.low())).toList());
    List<Place> closed = new ArrayList<>(outline);
    for (int i = low.size() - 1; i >= 0; i--) {
      closed.add(low.get(i));
    }
    out.empty("path", "class", "band " + style, "d", path(closed) + "Z");
  }

  void line() {
    if (places.size() > 1) {
      out.start("path", "class", "line " + style, "d", path(places));
      out.element("title", series.name()).end();
    }
  }

  /** Dots, and for lines without them places that tell their numbers under the pointer. */
  void points() {
    long most = points.stream().mapToLong(Point::count).max().orElse(0);
    if (most > 0) {
      for (Point point : points) {
        if (point.count() > 0) {
          double radius = 2 + (frame.size().dot() - 2) * Math.sqrt((double) point.count() / most);
          circle("dot", point.x(), point.y(), radius, told(point));
        }
      }
    } else if (points.size() == 1) {
      // No line leads there, so nothing else would show it.
      Point only = points.get(0);
      circle("dot", only.x(), only.y(), frame.size().dot() / 2.0, told(only));
    } else {
      int step = (points.size() + frame.size().spots() - 1) / frame.size().spots();
      for (int i = 0; i < points.size(); i += step) {
        circle(
            "spot", points.get(i).x(), points.get(i).y(), frame.size().dot(), told(points.get(i)));
      }
    }
  }

  void marks() {
    for (Mark mark : series.marks()) {
      circle(
          "mark",
          mark.x(),
          mark.y(),
          frame.size().dot() * 0.6,
          mark.label() + "\n" + numbers(mark.x(), mark.y()));
    }
  }

  /** Places all along the line. */
  List<Place> ink() {
    return Place.along(places);
  }

  static String path(List<Place> places) {
    StringBuilder path = new StringBuilder();
    for (Place place : places) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(coordinate(place.x()))
          .append(' ')
          .append(coordinate(place.y()));
    }
    return path.toString();
  }

  private void circle(String kind, double x, double y, double radius, String told) {
    out.start(
        "circle",
        "class",
        kind + " " + style,
        "cx",
        coordinate(frame.x(x)),
        "cy",
        coordinate(frame.y(y)),
        "r",
        coordinate(radius));
    out.element("title", series.name() + "\n" + told).end();
  }

  private String told(Point point) {
    String numbers = numbers(point.x(), point.y());
    return point.count() > 0 ? numbers + "\nn = " + NumberText.count(point.count()) : numbers;
  }

  /** One digit finer than the axes. */
  private String numbers(double x, double y) {
    return "%s: %s\n%s: %s"
        .formatted(
            plot.x().title(),
            plot.x().text(BigDecimal.valueOf(x), frame.x().decimals() + 1),
            plot.y().title(),
            plot.y().text(BigDecimal.valueOf(y), frame.y().decimals() + 1));
  }

  private static List<Place> thinned(List<Place> places) {
    return Thinning.kept(places).stream().mapToObj(places::get).toList();
  }
}
