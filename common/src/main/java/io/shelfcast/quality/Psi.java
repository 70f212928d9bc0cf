package io.shelfcast.quality;

/**
 * The population stability index: how far a distribution has moved from an earlier one. Below 0.1
 * it is taken for the same, from 0.25 on for another one.
 *
 * <p>Scores are compared in ten groups that had a tenth of the earlier scores each, not in ten of
 * equal width: most scores stand close together at the upper end, and what happens there would be
 * lost in one group.
 */
final class Psi {

  private static final int GROUPS = 10;

  private Psi() {}

  /** Of two histograms with the same bins. */
  static double of(long[] before, long[] now) {
    double totalBefore = sum(before);
    double totalNow = sum(now);
    double psi = 0;
    double groupBefore = 0;
    double groupNow = 0;
    for (int bin = 0; bin < before.length; bin++) {
      // What many scores share, as the upper end does of a model that is sure of itself, is a group
      // of its own: what goes from there to the bins below must not stay within a group.
      boolean isHeavy = before[bin] * GROUPS >= totalBefore;
      if (isHeavy && groupBefore + groupNow > 0) {
        psi += group(groupBefore, totalBefore, groupNow, totalNow);
        groupBefore = 0;
        groupNow = 0;
      }
      groupBefore += before[bin];
      groupNow += now[bin];
      if (groupBefore * GROUPS >= totalBefore || bin == before.length - 1) {
        psi += group(groupBefore, totalBefore, groupNow, totalNow);
        groupBefore = 0;
        groupNow = 0;
      }
    }
    return psi;
  }

  private static double group(double before, double totalBefore, double now, double totalNow) {
    return term(share(before, totalBefore, GROUPS), share(now, totalNow, GROUPS));
  }

  /** What a group adds. */
  static double term(double shareBefore, double shareNow) {
    return (shareNow - shareBefore) * Math.log(shareNow / shareBefore);
  }

  /** The share of a group, never quite nothing, as a logarithm is taken of it. */
  static double share(double count, double total, int groups) {
    return (count + 0.5) / (total + 0.5 * groups);
  }

  private static double sum(long[] counts) {
    double sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
