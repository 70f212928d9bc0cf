package io.shelfcast.store;

import java.io.Serializable;
import java.time.Duration;

/**
 * Which newer scores are worth a write: the knob that trades precision for writes.
 *
 * <p>A newer score that differs from the row's by less than {@code minScoreChange} is let go as
 * long as it is less than {@code touchAfter} newer than the row: the row keeps its score, which is
 * then wrong by less than that, and its scored_at, which is then too old by less than that.
 *
 * @param minScoreChange in score; 0: every newer score is written
 * @param touchAfter from the row's scored_at to the new one
 */
public record Materiality(double minScoreChange, Duration touchAfter) implements Serializable {

  /** Every newer score is written. */
  public static final Materiality ALL = new Materiality(0, Duration.ZERO);

  public Materiality {
    if (!(minScoreChange >= 0 && minScoreChange <= 1)) {
      throw new IllegalArgumentException(
          "--minScoreChange is %s; it has to be from 0 to 1".formatted(minScoreChange));
    }
    if (touchAfter.isNegative()) {
      throw new IllegalArgumentException(
          "--touchAfter is %s; it has to be zero or more".formatted(touchAfter));
    }
  }

  /** Whether every newer score is. */
  public boolean isAll() {
    return minScoreChange == 0;
  }

  /** Whether a newer score is, by the same arithmetic as the database's. */
  public boolean isMaterial(float oldScore, float newScore, long microsNewer) {
    return Math.abs(newScore - oldScore) >= (float) minScoreChange
        || microsNewer >= touchAfterMicros();
  }

  public long touchAfterMicros() {
    return Math.multiplyExact(touchAfter.toSeconds(), 1_000_000L) + touchAfter.toNanosPart() / 1000;
  }
}
