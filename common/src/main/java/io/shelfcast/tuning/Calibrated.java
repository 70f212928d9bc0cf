package io.shelfcast.tuning;

import java.util.Arrays;

/**
 * The share of outcomes that were found, by score, made monotone: no higher score has a lower share
 * (the isotonic fit, by pooling adjacent violators). With a parent to lean on, some of the parent's
 * outcomes, in its proportions, are counted in, so that few outcomes of its own do not lead far
 * from it. Immutable.
 */
final class Calibrated {

  private final int[] bins;
  private final double[] found;
  private final double[] total;
  private final double[] share;

  private Calibrated(int[] bins, double[] found, double[] total) {
    this.bins = bins;
    this.found = found;
    this.total = total;
    this.share = isotonic(found, total);
  }

  static Calibrated of(ScoreHistogram own) {
    int size = own.size();
    int[] bins = new int[size];
    double[] found = new double[size];
    double[] total = new double[size];
    for (int i = 0; i < size; i++) {
      bins[i] = own.bin(i);
      found[i] = own.found(i);
      total[i] = own.found(i) + own.missed(i);
    }
    return new Calibrated(bins, found, total);
  }

  /**
   * @param weight how many outcomes the parent's word is worth
   */
  static Calibrated of(ScoreHistogram own, Calibrated parent, double weight) {
    double parentTotal = Arrays.stream(parent.total).sum();
    if (weight == 0 || parentTotal == 0) {
      return of(own);
    }
    double scale = weight / parentTotal;
    int most = own.size() + parent.bins.length;
    int[] bins = new int[most];
    double[] found = new double[most];
    double[] total = new double[most];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < own.size() || j < parent.bins.length) {
      int next =
          Math.min(
              i < own.size() ? own.bin(i) : Integer.MAX_VALUE,
              j < parent.bins.length ? parent.bins[j] : Integer.MAX_VALUE);
      bins[size] = next;
      if (i < own.size() && own.bin(i) == next) {
        found[size] += own.found(i);
        total[size] += own.found(i) + own.missed(i);
        i++;
      }
      if (j < parent.bins.length && parent.bins[j] == next) {
        found[size] += parent.found[j] * scale;
        total[size] += parent.total[j] * scale;
        j++;
      }
      size++;
    }
    return new Calibrated(
        Arrays.copyOf(bins, size), Arrays.copyOf(found, size), Arrays.copyOf(total, size));
  }

  int size() {
    return bins.length;
  }

  /** The bin at a place, ascending. */
  int bin(int place) {
    return bins[place];
  }

  /** The monotone share of the bin at a place. */
  double share(int place) {
    return share[place];
  }

  private static double[] isotonic(double[] found, double[] total) {
    int size = found.length;
    // Blocks of neighbours that have to share one value, as sums of theirs.
    int[] start = new int[size];
    double[] blockFound = new double[size];
    double[] blockTotal = new double[size];
    int blocks = 0;
    for (int i = 0; i < size; i++) {
      start[blocks] = i;
      blockFound[blocks] = found[i];
      blockTotal[blocks] = total[i];
      blocks++;
      while (blocks > 1
          && blockFound[blocks - 2] * blockTotal[blocks - 1]
              >= blockFound[blocks - 1] * blockTotal[blocks - 2]) {
        blocks--;
        blockFound[blocks - 1] += blockFound[blocks];
        blockTotal[blocks - 1] += blockTotal[blocks];
      }
    }
    double[] share = new double[size];
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(
          share,
          start[block],
          block + 1 == blocks ? size : start[block + 1],
          blockFound[block] / blockTotal[block]);
    }
    return share;
  }
}
