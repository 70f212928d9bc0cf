package io.shelfcast.report;

import java.util.List;

/**
 * Which of the style sheet's colours, each with a pattern of dashes, a line has by its name.
 *
 * @param names in the order of their colours
 */
record Palette(List<String> names) {

  /** How many lines the style sheet tells apart, for those too who see few colours. */
  static final int SIZE = 6;

  Palette {
    names = List.copyOf(names);
  }

  /** One colour for each name, in the order in which they come first. */
  static Palette over(List<LinePlot> plots) {
    return new Palette(
        plots.stream()
            .flatMap(plot -> plot.series().stream())
            .map(Series::name)
            .distinct()
            .toList());
  }

  /** This one if it has a colour for every name, else one for these plots alone. */
  Palette orOver(List<LinePlot> plots) {
    return names.size() <= SIZE ? this : over(plots);
  }

  /** The class of the style sheet for a line. */
  String style(Series series) {
    return "s" + names.indexOf(series.name());
  }
}
