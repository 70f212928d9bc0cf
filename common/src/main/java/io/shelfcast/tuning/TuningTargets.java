package io.shelfcast.tuning;

/**
 * What thresholds are to reach.
 *
 * @param foundRate at least this share of what is shown is to be found; sets {@code out}
 * @param lowFoundRate at least this share of what is in stock is to be found; sets {@code low}
 * @param minEvidence a segment with fewer outcomes has no thresholds of its own. Of a segment that
 *     has them its parent's outcomes count for so many
 */
public record TuningTargets(double foundRate, double lowFoundRate, long minEvidence) {

  /**
   * @throws IllegalArgumentException when they cannot be
   */
  public TuningTargets {
    if (!(foundRate > 0 && foundRate <= lowFoundRate && lowFoundRate <= 1)) {
      throw new IllegalArgumentException(
          "found rate %s and low found rate %s: the first has to be above 0 and not above the"
                  .formatted(foundRate, lowFoundRate)
              + " second, which is 1 at most");
    }
    if (minEvidence < 0) {
      throw new IllegalArgumentException("minimum evidence %d is negative".formatted(minEvidence));
    }
  }
}
