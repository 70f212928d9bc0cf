package io.shelfcast.tuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much two model versions let be shown of the same outcomes, a baseline and a candidate, at
 * equal found rates. Each has at each found rate the one threshold that shows the most; where none
 * comes to it, nothing is shown.
 *
 * @param segment of which items
 * @param baseline what is known of the baseline
 * @param candidate what is known of the candidate
 * @param differences at each of the found rates asked for, how much more of all the candidate shows
 */
public record SelectionComparison(
    Segment segment, ModelStudy baseline, ModelStudy candidate, List<Estimate> differences)
    implements Serializable {

  /** Enough for intervals of two digits, and few enough for many segments. */
  private static final int DRAWS = 200;

  /**
   * A value, and where it lies.
   *
   * @param foundRate at this found rate
   * @param value its value
   * @param interval by drawing groups of stores; null: too few of them have outcomes to tell
   */
  public record Estimate(double foundRate, double value, @Nullable Interval interval)
      implements Serializable {}

  /**
   * What is known of a model version.
   *
   * @param quality of its scores
   * @param selectionRates at each of the found rates asked for
   * @param curve what each threshold would show
   */
  public record ModelStudy(
      ScoreQuality quality, List<Estimate> selectionRates, List<SelectionCurve.Point> curve)
      implements Serializable {}

  /** Whether the candidate shows less at a found rate, and not by chance. */
  public static boolean isWorse(Estimate difference) {
    return difference.interval() != null && difference.interval().high() < 0;
  }

  /** Whether it shows more, and not by chance. */
  public static boolean isBetter(Estimate difference) {
    return difference.interval() != null && difference.interval().low() > 0;
  }

  /** Counts outcomes, each by the scores of both model versions, to compare them. */
  public static final class Builder {
    private final ScoreHistogram[] baseline = empty();
    private final ScoreHistogram[] candidate = empty();

    /** Counts outcomes of a group of stores. */
    public void add(boolean isCandidate, int storeGroup, ScoreHistogram outcomes) {
      (isCandidate ? candidate : baseline)[storeGroup].merge(outcomes);
    }

    /** How many outcomes it has. */
    public long total() {
      return Arrays.stream(baseline).mapToLong(ScoreHistogram::total).sum();
    }

    /**
     * Compares.
     *
     * @param foundRates at these found rates
     * @param mostPoints of a curve
     * @throws IllegalArgumentException when there are no outcomes, or not the same of both
     */
    public SelectionComparison compare(Segment segment, List<Double> foundRates, int mostPoints) {
      ScoreHistogram baselineSum = ScoreHistogram.sum(List.of(baseline));
      ScoreHistogram candidateSum = ScoreHistogram.sum(List.of(candidate));
      if (baselineSum.total() != candidateSum.total()) {
        throw new IllegalArgumentException("the outcomes of the two are not the same");
      }
      int rates = foundRates.size();
      boolean isFew =
          StoreGroups.isFew(Arrays.stream(baseline).filter(group -> group.size() > 0).count());
      double[][] baselineDraws = new double[rates][DRAWS];
      double[][] candidateDraws = new double[rates][DRAWS];
      double[][] differenceDraws = new double[rates][DRAWS];
      Weighted weighted = new Weighted();
      for (int draw = 0; draw < (isFew ? 0 : DRAWS); draw++) {
        byte[] times = StoreGroups.draw(draw);
        double[] baselineRates = weighted.selectionRates(baseline, times, foundRates);
        double[] candidateRates = weighted.selectionRates(candidate, times, foundRates);
        for (int rate = 0; rate < rates; rate++) {
          baselineDraws[rate][draw] = baselineRates[rate];
          candidateDraws[rate][draw] = candidateRates[rate];
          differenceDraws[rate][draw] = candidateRates[rate] - baselineRates[rate];
        }
      }
      List<Estimate> baselineEstimates = estimates(baselineSum, foundRates, isFew, baselineDraws);
      List<Estimate> candidateEstimates =
          estimates(candidateSum, foundRates, isFew, candidateDraws);
      List<Estimate> differences = new ArrayList<>();
      for (int rate = 0; rate < rates; rate++) {
        differences.add(
            new Estimate(
                foundRates.get(rate),
                candidateEstimates.get(rate).value() - baselineEstimates.get(rate).value(),
                isFew ? null : StoreGroups.middle(differenceDraws[rate])));
      }
      return new SelectionComparison(
          segment,
          new ModelStudy(
              ScoreQuality.of(baselineSum), baselineEstimates, curve(baselineSum, mostPoints)),
          new ModelStudy(
              ScoreQuality.of(candidateSum), candidateEstimates, curve(candidateSum, mostPoints)),
          List.copyOf(differences));
    }

    private static List<Estimate> estimates(
        ScoreHistogram outcomes, List<Double> foundRates, boolean isFew, double[][] draws) {
      SelectionCurve curve = SelectionCurve.of(outcomes);
      List<Estimate> estimates = new ArrayList<>();
      for (int rate = 0; rate < foundRates.size(); rate++) {
        estimates.add(
            new Estimate(
                foundRates.get(rate),
                curve
                    .most(foundRates.get(rate))
                    .map(point -> point.shown().selectionRate())
                    .orElse(0.0),
                isFew ? null : StoreGroups.middle(draws[rate])));
      }
      return List.copyOf(estimates);
    }

    /** Every so manieth point, and the last. */
    private static List<SelectionCurve.Point> curve(ScoreHistogram outcomes, int mostPoints) {
      List<SelectionCurve.Point> all = SelectionCurve.of(outcomes).points();
      int step = Math.max(1, (all.size() + mostPoints - 2) / (mostPoints - 1));
      List<SelectionCurve.Point> some = new ArrayList<>();
      for (int i = 0; i < all.size(); i += step) {
        some.add(all.get(i));
      }
      if (!all.isEmpty() && (all.size() - 1) % step != 0) {
        some.add(all.get(all.size() - 1));
      }
      return List.copyOf(some);
    }

    private static ScoreHistogram[] empty() {
      ScoreHistogram[] histograms = new ScoreHistogram[StoreGroups.COUNT];
      Arrays.setAll(histograms, group -> new ScoreHistogram());
      return histograms;
    }
  }

  /** Sums of groups that count so many times, in the same arrays draw after draw. */
  private static final class Weighted {
    private final long[] found = new long[ScoreBins.LAST + 1];
    private final long[] all = new long[ScoreBins.LAST + 1];

    double[] selectionRates(ScoreHistogram[] groups, byte[] times, List<Double> foundRates) {
      Arrays.fill(found, 0);
      Arrays.fill(all, 0);
      long total = 0;
      for (int group = 0; group < groups.length; group++) {
        if (times[group] > 0) {
          total += times[group] * add(groups[group], times[group]);
        }
      }
      double[] rates = new double[foundRates.size()];
      if (total == 0) {
        return rates;
      }
      long foundThere = 0;
      long shownThere = 0;
      for (int bin = ScoreBins.LAST; bin >= 0; bin--) {
        if (all[bin] > 0) {
          foundThere += found[bin];
          shownThere += all[bin];
          Shown shown = new Shown(foundThere, shownThere, total);
          for (int rate = 0; rate < rates.length; rate++) {
            if (shown.meets(foundRates.get(rate))) {
              rates[rate] = shown.selectionRate();
            }
          }
        }
      }
      return rates;
    }

    private long add(ScoreHistogram group, int times) {
      long outcomes = 0;
      for (int i = 0; i < group.size(); i++) {
        long here = group.found(i) + group.missed(i);
        found[group.bin(i)] += times * group.found(i);
        all[group.bin(i)] += times * here;
        outcomes += here;
      }
      return outcomes;
    }
  }
}
