package io.shelfcast.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A plot of one line or several. Immutable.
 *
 * @param title above it; none if empty
 * @param x the axis along the bottom
 * @param y the axis on the left
 * @param series at most {@value Palette#SIZE}, each with a name of its own; a plot without any, or
 *     with empty ones only, says "no data"
 * @param references lines to compare with
 * @param note below it, such as what the band is; none if empty
 */
public record LinePlot(
    String title, Axis x, Axis y, List<Series> series, List<Reference> references, String note)
    implements Block {

  public LinePlot {
    series = List.copyOf(series);
    references = List.copyOf(references);
    if (series.size() > Palette.SIZE) {
      throw new IllegalArgumentException(
          "plot '%s' has %d lines where %d can be told apart; hand in several plots"
              .formatted(title, series.size(), Palette.SIZE));
    }
    Set<String> names = new HashSet<>();
    for (Series line : series) {
      if (!names.add(line.name())) {
        throw new IllegalArgumentException(
            "two lines of plot '%s' are called '%s'; give each its own name"
                .formatted(title, line.name()));
      }
    }
  }

  /** A plot without lines yet. */
  public static LinePlot titled(String title, Axis x, Axis y) {
    return new LinePlot(title, x, y, List.of(), List.of(), "");
  }

  /** With one more line. */
  public LinePlot with(Series line) {
    List<Series> all = new ArrayList<>(series);
    all.add(line);
    return new LinePlot(title, x, y, all, references, note);
  }

  /** With one more line to compare with. */
  public LinePlot with(Reference reference) {
    List<Reference> all = new ArrayList<>(references);
    all.add(reference);
    return new LinePlot(title, x, y, series, all, note);
  }

  /** With a note below it. */
  public LinePlot noting(String text) {
    return new LinePlot(title, x, y, series, references, text);
  }

  boolean hasNoData() {
    return series.stream().allMatch(Series::hasNoData);
  }
}
