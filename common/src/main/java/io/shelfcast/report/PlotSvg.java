package io.shelfcast.report;

import static io.shelfcast.report.NumberText.coordinate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws one plot: grid and axes first, then what is compared with, and the lines upon it. */
final class PlotSvg {

  private final Markup out;
  private final LinePlot plot;
  private final Frame frame;
  private final PlotSize size;
  private final Palette palette;

  PlotSvg(Markup out, LinePlot plot, Frame frame, Palette palette) {
    this.out = out;
    this.plot = plot;
    this.frame = frame;
    this.size = frame.size();
    this.palette = palette;
  }

  void draw() {
    out.start(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "plot " + size.style(),
        "viewBox",
        "0 0 %d %d".formatted(size.width(), size.height()),
        "role",
        "img",
        "aria-label",
        spoken());
    axes();
    List<SeriesSvg> lines =
        plot.series().stream()
            .map(line -> new SeriesSvg(out, line, plot, frame, palette.style(line)))
            .toList();
    lines.forEach(SeriesSvg::band);
    plot.references().forEach(this::reference);
    lines.forEach(SeriesSvg::line);
    lines.forEach(SeriesSvg::points);
    labels(lines);
    lines.forEach(SeriesSvg::marks);
    if (plot.hasNoData()) {
      out.element(
          "text",
          "no data",
          "class",
          "nothing",
          "x",
          coordinate((size.left() + size.right()) / 2.0),
          "y",
          coordinate((size.top() + size.bottom()) / 2.0),
          "text-anchor",
          "middle");
    }
    out.end().line();
  }

  private String spoken() {
    String names =
        plot.series().stream()
            .map(line -> line.hasNoData() ? line.name() + " (no data)" : line.name())
            .collect(Collectors.joining(", "));
    return "%s: %s over %s; %s".formatted(plot.title(), plot.y().title(), plot.x().title(), names);
  }

  private void axes() {
    StringBuilder grid = new StringBuilder();
    for (BigDecimal tick : frame.x().values()) {
      String at = coordinate(frame.x(tick.doubleValue()));
      grid.append("M").append(at).append(" ").append(size.top()).append("V").append(size.bottom());
    }
    for (BigDecimal tick : frame.y().values()) {
      String at = coordinate(frame.y(tick.doubleValue()));
      grid.append("M").append(size.left()).append(" ").append(at).append("H").append(size.right());
    }
    out.empty("path", "class", "grid", "d", grid.toString());
    out.empty(
        "path",
        "class",
        "axis",
        "d",
        "M%d %dV%dH%d".formatted(size.left(), size.top(), size.bottom(), size.right()));
    for (BigDecimal tick : frame.x().values()) {
      axisText(
          plot.x().text(tick, frame.x().decimals()),
          "tick",
          "middle",
          frame.x(tick.doubleValue()),
          size.bottom() + 5.0,
          "1em");
    }
    for (BigDecimal tick : frame.y().values()) {
      axisText(
          plot.y().text(tick, frame.y().decimals()),
          "tick",
          "end",
          size.left() - 6.0,
          frame.y(tick.doubleValue()),
          "0.35em");
    }
    axisText(plot.x().title(), "title", "end", size.right(), size.bottom() + 5.0, "2.3em");
    axisText(plot.y().title(), "title", "start", 2, size.top() - 0.7 * size.letter(), "0");
  }

  private void axisText(
      String text, String style, String anchor, double x, double y, String below) {
    out.element(
        "text",
        text,
        "class",
        style,
        "text-anchor",
        anchor,
        "x",
        coordinate(x),
        "y",
        coordinate(y),
        "dy",
        below);
  }

  private void reference(Reference reference) {
    List<Place> ends = ends(reference);
    if (!ends.isEmpty()) {
      out.start("path", "class", "reference", "d", SeriesSvg.path(ends));
      out.element("title", reference.label()).end();
    }
  }

  /** Where a reference starts and ends; nothing if it does not come through the frame. */
  private List<Place> ends(Reference reference) {
    double at = reference.at();
    return switch (reference.kind()) {
      case HORIZONTAL ->
          List.of(new Place(size.left(), frame.y(at)), new Place(size.right(), frame.y(at)));
      case VERTICAL ->
          List.of(new Place(frame.x(at), size.top()), new Place(frame.x(at), size.bottom()));
      case DIAGONAL -> {
        double low = frame.x().from().max(frame.y().from()).doubleValue();
        double high = frame.x().to().min(frame.y().to()).doubleValue();
        yield low < high ? List.of(frame.place(low, low), frame.place(high, high)) : List.of();
      }
    };
  }

  private void labels(List<SeriesSvg> lines) {
    List<Place> ink = new ArrayList<>();
    lines.forEach(line -> ink.addAll(line.ink()));
    plot.references().forEach(reference -> ink.addAll(Place.along(ends(reference))));
    Labels labels = new Labels(size, ink);
    double radius = size.letter() * 0.35;
    for (Series line : plot.series()) {
      line.marks().forEach(mark -> labels.keepFree(frame.place(mark.x(), mark.y()), radius));
    }
    for (Series line : plot.series()) {
      for (Mark mark : line.marks()) {
        labels
            .beside(frame.place(mark.x(), mark.y()), mark.label())
            .ifPresent(label -> markLabel(mark, label, palette.style(line)));
      }
    }
    for (Reference reference : plot.references()) {
      switch (reference.kind()) {
        case HORIZONTAL ->
            labels
                .along(frame.y(reference.at()), reference.label())
                .ifPresent(label -> label(label, "label"));
        case VERTICAL ->
            labels
                .beside(new Place(frame.x(reference.at()), size.top()), reference.label())
                .ifPresent(label -> label(label, "label"));
        case DIAGONAL -> {
          // Has its place in the legend: beside the line, texts of other lines cross it.
        }
      }
    }
  }

  private void markLabel(Mark mark, Labels.Label label, String style) {
    Place at = frame.place(mark.x(), mark.y());
    if (Math.abs(label.at().y() - at.y()) > size.letter()) {
      out.empty("path", "class", "leader " + style, "d", SeriesSvg.path(List.of(at, label.at())));
    }
    label(label, "label " + style);
  }

  private void label(Labels.Label label, String style) {
    axisText(label.text(), style, label.anchor(), label.at().x(), label.at().y(), "0.35em");
  }
}
