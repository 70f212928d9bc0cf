package io.shelfcast.local.demo;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws ranks as people choose: the first is drawn most, and a rank's chance falls with a power of
 * it. For any number of threads.
 */
final class Zipf {

  /** The chance of a rank or one before it. */
  private final double[] upTo;

  /**
   * A mix.
   *
   * @param ranks how many there are
   * @param exponent 0: all are drawn alike; 1: the second half as often as the first, and so on
   */
  Zipf(int ranks, double exponent) {
    if (ranks < 1) {
      throw new IllegalArgumentException("there is nothing to draw from");
    }
    upTo = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += Math.pow(rank + 1, -exponent);
      upTo[rank] = sum;
    }
    for (int rank = 0; rank < ranks; rank++) {
      upTo[rank] /= sum;
    }
  }

  /** A rank, from 0. */
  int draw(SplittableRandom random) {
    int found = Arrays.binarySearch(upTo, random.nextDouble());
    return Math.min(found >= 0 ? found : -found - 1, upTo.length - 1);
  }
}
