package io.shelfcast.tuning;

import java.io.Serializable;

/**
 * What thresholds show of some outcomes.
 *
 * @param found how many of those shown were found
 * @param shown how many are shown
 * @param total how many there are
 */
public record Shown(long found, long shown, long total) implements Serializable {

  /** Of no outcomes. */
  public static final Shown NONE = new Shown(0, 0, 0);

  /**
   * @throws IllegalArgumentException when a part is greater than its whole
   */
  public Shown {
    if (found < 0 || found > shown || shown > total) {
      throw new IllegalArgumentException(
          "%d found of %d shown of %d cannot be".formatted(found, shown, total));
    }
  }

  /** Share of those shown that were found; NaN when none is shown. */
  public double foundRate() {
    return found / (double) shown;
  }

  /** Share of all that are shown; NaN when there are none. */
  public double selectionRate() {
    return shown / (double) total;
  }

  /**
   * Whether some are shown, and enough of them were found. A rate is compared, and no product with
   * the target: a quotient of whole numbers is rounded as the decimal that it equals.
   */
  public boolean meets(double foundRate) {
    return shown > 0 && foundRate() >= foundRate;
  }

  /** Both together. */
  public Shown plus(Shown other) {
    return new Shown(found + other.found, shown + other.shown, total + other.total);
  }
}
