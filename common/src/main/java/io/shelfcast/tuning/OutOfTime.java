package io.shelfcast.tuning;

import org.jspecify.annotations.Nullable;

/**
 * How thresholds that were tuned by the first part of the time do in the last, which they know
 * nothing of.
 *
 * @param segments what the thresholds of segments show
 * @param segmentsFoundRate where their found rate lies; null: they show nothing
 * @param oneForAll what one threshold for all shows that was tuned in the same way
 * @param oneAtSameFoundRate what one threshold for all could show at the found rate that those of
 *     segments came to: the best one, picked with the last part in view; null: none comes to it
 * @param gain how much more of all the segments' thresholds show than that one; 0 if there is none
 * @param gainInterval where that lies; null without a gain
 */
public record OutOfTime(
    Shown segments,
    @Nullable Interval segmentsFoundRate,
    Shown oneForAll,
    @Nullable Shown oneAtSameFoundRate,
    double gain,
    @Nullable Interval gainInterval) {

  /** What thresholds of segments are worth. */
  public enum Verdict {
    /** They show more at the same found rate, and not by chance. */
    BETTER,
    /** No difference that could not be chance. */
    NO_BETTER,
    /** They show less at the same found rate, and not by chance. */
    WORSE
  }

  /** What thresholds of segments are worth. */
  public Verdict verdict() {
    if (gainInterval != null && gainInterval.low() > 0) {
      return Verdict.BETTER;
    }
    return gainInterval != null && gainInterval.high() < 0 ? Verdict.WORSE : Verdict.NO_BETTER;
  }
}
