package io.shelfcast.tuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well scores tell what is found. Each score counts as the middle of its {@link ScoreBins bin},
 * so that the Brier score and the table are right to a step of {@value ScoreBins#RESOLUTION_TEXT},
 * and scores of one bin are ties for the AUC.
 *
 * @param outcomes how many there are
 * @param foundRate the share of them that was found
 * @param brier the mean squared difference of score and outcome: 0 is perfect, 0.25 is what 0.5 for
 *     everything gets
 * @param auc the chance that of an outcome that was found and one that was not the first has the
 *     greater score; null, where all are of one kind
 * @param calibration by rising score, groups of about as many outcomes
 */
public record ScoreQuality(
    long outcomes,
    double foundRate,
    double brier,
    @Nullable Double auc,
    List<CalibrationRow> calibration)
    implements Serializable {

  private static final int ROWS = 12;

  /**
   * Outcomes of neighbouring scores.
   *
   * @param fromScore the least of them
   * @param toScore the greatest of them, to a bin
   * @param outcomes how many they are
   * @param meanScore their mean score: the share that the model expects to be found
   * @param foundRate the share that was
   * @param interval of that share, taking each outcome as independent of the others
   */
  public record CalibrationRow(
      double fromScore,
      double toScore,
      long outcomes,
      double meanScore,
      double foundRate,
      Interval interval)
      implements Serializable {}

  /**
   * The quality of the scores of some outcomes.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static ScoreQuality of(ScoreHistogram histogram) {
    Shown all = histogram.from(0);
    if (all.total() == 0) {
      throw new IllegalArgumentException("there are no outcomes");
    }
    double squares = 0;
    double pairs = 0;
    long missedBelow = 0;
    for (int i = 0; i < histogram.size(); i++) {
      double score = ScoreBins.middle(histogram.bin(i));
      double found = histogram.found(i);
      double missed = histogram.missed(i);
      squares += found * (1 - score) * (1 - score) + missed * score * score;
      pairs += found * (missedBelow + missed / 2);
      missedBelow += histogram.missed(i);
    }
    double allPairs = (double) all.found() * (all.total() - all.found());
    return new ScoreQuality(
        all.total(),
        all.foundRate(),
        squares / all.total(),
        allPairs == 0 ? null : (Double) (pairs / allPairs),
        calibration(histogram, all.total()));
  }

  private static List<CalibrationRow> calibration(ScoreHistogram histogram, long total) {
    List<CalibrationRow> rows = new ArrayList<>();
    long before = 0;
    int first = 0;
    long outcomes = 0;
    long found = 0;
    double scores = 0;
    for (int i = 0; i < histogram.size(); i++) {
      long here = histogram.found(i) + histogram.missed(i);
      outcomes += here;
      found += histogram.found(i);
      scores += here * ScoreBins.middle(histogram.bin(i));
      // A row ends where its share of the outcomes does, or the first bin that reaches beyond.
      if (before + outcomes >= (double) total * (rows.size() + 1) / ROWS
          || i == histogram.size() - 1) {
        rows.add(
            new CalibrationRow(
                ScoreBins.edge(histogram.bin(first)),
                ScoreBins.edge(Math.min(histogram.bin(i) + 1, ScoreBins.LAST)),
                outcomes,
                scores / outcomes,
                found / (double) outcomes,
                Interval.wilson(found, outcomes)));
        before += outcomes;
        first = i + 1;
        outcomes = 0;
        found = 0;
        scores = 0;
      }
    }
    return List.copyOf(rows);
  }
}
