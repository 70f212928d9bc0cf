package io.shelfcast.refresh;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * The lag of a refresh, from {@code requested_at} to commit, as counters of ranges of milliseconds:
 * each a fourth wider than the one before, so that a percentile read off them is at most that much
 * too high. For whoever watches a job, wherever it runs.
 */
public final class RefreshLag {

  /** The name of the distribution of milliseconds. */
  public static final String DISTRIBUTION = "refresh_lag_ms";

  private static final long[] UP_TO = bounds();

  /** The number of ranges. */
  static final int RANGES = UP_TO.length;

  private RefreshLag() {}

  /** From 10 ms to 6 hours, and beyond. */
  private static long[] bounds() {
    long[] bounds = new long[80];
    int n = 0;
    for (double bound = 10; bound < 6 * 3_600_000.0; bound *= 1.25) {
      bounds[n++] = Math.round(bound);
    }
    bounds[n++] = Long.MAX_VALUE;
    return Arrays.copyOf(bounds, n);
  }

  static int rangeOf(long millis) {
    int found = Arrays.binarySearch(UP_TO, millis);
    return found >= 0 ? found : -found - 1;
  }

  static String counterName(int range) {
    return UP_TO[range] == Long.MAX_VALUE
        ? DISTRIBUTION + "_beyond"
        : "%s_upto_%08d".formatted(DISTRIBUTION, UP_TO[range]);
  }

  /**
   * A percentile, in milliseconds.
   *
   * @param counters the value of a counter by its name
   * @param share 0.99, say
   * @return the upper bound of the range that it is in; -1 when nothing was committed
   */
  public static long percentile(ToLongFunction<String> counters, double share) {
    long[] counts = new long[RANGES];
    long all = 0;
    for (int range = 0; range < RANGES; range++) {
      counts[range] = counters.applyAsLong(counterName(range));
      all += counts[range];
    }
    long rank = Math.max(1, (long) Math.ceil(all * share));
    long below = 0;
    for (int range = 0; range < RANGES; range++) {
      below += counts[range];
      if (below >= rank) {
        return UP_TO[range];
      }
    }
    return -1;
  }
}
