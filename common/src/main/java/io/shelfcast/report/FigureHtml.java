package io.shelfcast.report;

import java.util.List;

/** Writes plots with their titles, legends and notes. */
final class FigureHtml {

  private final Markup out;
  private final Palette palette;

  /**
   * Writes figures of one report.
   *
   * @param palette over all its plots
   */
  FigureHtml(Markup out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  void plot(LinePlot plot) {
    Palette colours = palette.orOver(List.of(plot));
    out.start("figure", "class", "one");
    caption(plot.title());
    legend(List.of(plot), colours);
    new PlotSvg(out, plot, Frame.of(List.of(plot), PlotSize.LARGE), colours).draw();
    note(plot.note());
    out.end().line();
  }

  void plots(SmallMultiples multiples) {
    Palette colours = palette.orOver(multiples.plots());
    out.start("figure");
    caption(multiples.title());
    if (multiples.plots().isEmpty()) {
      out.element("p", "no data", "class", "nothing");
    } else {
      legend(multiples.plots(), colours);
      Frame frame = Frame.of(multiples.plots(), PlotSize.SMALL);
      out.start("div", "class", "multiples").line();
      for (LinePlot plot : multiples.plots()) {
        out.start("figure", "class", "one");
        caption(plot.title());
        new PlotSvg(out, plot, frame, colours).draw();
        out.end().line();
      }
      out.end();
    }
    note(multiples.note());
    out.end().line();
  }

  private void caption(String title) {
    if (!title.isEmpty()) {
      out.start("figcaption").isolated(title).end().line();
    }
  }

  private void note(String note) {
    if (!note.isEmpty()) {
      out.element("p", note, "class", "below");
    }
  }

  private void legend(List<LinePlot> plots, Palette colours) {
    List<Series> lines =
        Palette.over(plots).names().stream()
            .map(name -> new Series(name, List.of(), List.of(), List.of()))
            .toList();
    List<String> diagonals =
        plots.stream()
            .flatMap(plot -> plot.references().stream())
            .filter(reference -> reference.kind() == Reference.Kind.DIAGONAL)
            .map(Reference::label)
            .distinct()
            .toList();
    if (lines.isEmpty() && diagonals.isEmpty()) {
      return;
    }
    out.start("ul", "class", "legend");
    for (Series line : lines) {
      entry("line " + colours.style(line), line.name(), isEmpty(line.name(), plots));
    }
    for (String diagonal : diagonals) {
      entry("reference", diagonal, false);
    }
    out.end().line();
  }

  private void entry(String style, String name, boolean empty) {
    out.start("li");
    out.start(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "key",
        "viewBox",
        "0 0 36 12",
        "aria-hidden",
        "true");
    out.empty("path", "class", style, "d", "M2 6H34").end();
    out.isolated(name);
    if (empty) {
      out.text(" (no data)");
    }
    out.end();
  }

  private static boolean isEmpty(String name, List<LinePlot> plots) {
    return plots.stream()
        .flatMap(plot -> plot.series().stream())
        .filter(line -> line.name().equals(name))
        .allMatch(Series::hasNoData);
  }
}
