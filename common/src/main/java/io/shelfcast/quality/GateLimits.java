package io.shelfcast.quality;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much an input may differ from what is expected before the quality gate refuses it.
 *
 * @param maxRejectShare the greatest share of rows that may be rejected
 * @param maxRowDrop the greatest share of its items that a complete input, or one of its stores,
 *     may have lost
 * @param maxStoresShort the greatest share of the stores that may be missing from a complete input,
 *     or have lost more than that
 * @param maxPsi the greatest population stability index of the scores
 * @param maxScoreAge how old the newest score may be; null: as old as it likes, since applying an
 *     old input once more does no harm
 * @param minRows the number of rows from which on shares and shapes are judged
 */
public record GateLimits(
    double maxRejectShare,
    double maxRowDrop,
    double maxStoresShort,
    double maxPsi,
    @Nullable Duration maxScoreAge,
    long minRows)
    implements Serializable {

  /**
   * @throws IllegalArgumentException naming the option that is wrong
   */
  public GateLimits {
    checkShare("maxRejectShare", maxRejectShare);
    checkShare("maxRowDrop", maxRowDrop);
    checkShare("maxStoresShort", maxStoresShort);
    if (!(maxPsi > 0)) {
      throw new IllegalArgumentException("--maxPsi is %s; it has to be above 0".formatted(maxPsi));
    }
    if (maxScoreAge != null && (maxScoreAge.isNegative() || maxScoreAge.isZero())) {
      throw new IllegalArgumentException(
          "--maxScoreAge is %s; it has to be above zero, as PT12H".formatted(maxScoreAge));
    }
    if (minRows < 1) {
      throw new IllegalArgumentException(
          "--gateMinRows is %d; it has to be 1 or more".formatted(minRows));
    }
  }

  private static void checkShare(String option, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "--%s is %s; it has to be from 0 to 1".formatted(option, share));
    }
  }
}
