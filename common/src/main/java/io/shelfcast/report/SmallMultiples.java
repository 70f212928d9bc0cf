package io.shelfcast.report;

import java.util.List;

/**
 * Many small plots side by side, on the same scales and with one legend, so that they compare; such
 * as one for each segment. How many there are is for the caller to bound: each is some 10 to 50 kB.
 *
 * @param title above them; none if empty
 * @param plots at most {@value Palette#SIZE} names of lines over all of them; their notes are not
 *     shown
 * @param note below them; none if empty
 */
public record SmallMultiples(String title, List<LinePlot> plots, String note) implements Block {

  public SmallMultiples {
    plots = List.copyOf(plots);
    int names = Palette.over(plots).names().size();
    if (names > Palette.SIZE) {
      throw new IllegalArgumentException(
          "the plots of '%s' have lines of %d names where %d can be told apart; hand them in apart"
              .formatted(title, names, Palette.SIZE));
    }
  }

  /** Of these plots. */
  public static SmallMultiples titled(String title, List<LinePlot> plots) {
    return new SmallMultiples(title, plots, "");
  }

  /** With a note below them. */
  public SmallMultiples noting(String text) {
    return new SmallMultiples(title, plots, text);
  }
}
