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
    double seen = 0;
    double groupBefore = 0;
    double groupNow = 0;
    int next = 1;
    for (int bin = 0; bin < before.length; bin++) {
      groupBefore += before[bin];
      groupNow += now[bin];
      seen += before[bin];
      boolean isFull = seen * GROUPS >= next * totalBefore && groupBefore > 0 && seen < totalBefore;
      if (isFull || bin == before.length - 1) {
        psi += term(share(groupBefore, totalBefore, GROUPS), share(groupNow, totalNow, GROUPS));
        groupBefore = 0;
        groupNow = 0;
        next = (int) (seen * GROUPS / Math.max(1, totalBefore)) + 1;
      }
    }
    return psi;
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
