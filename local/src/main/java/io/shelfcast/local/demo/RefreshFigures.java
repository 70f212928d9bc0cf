package io.shelfcast.local.demo;

import io.shelfcast.refresh.RefreshLag;
import java.util.Map;

/**
 * What the refresh did in a while.
 *
 * @param perSecond scores written a second
 * @param written scores written since it started
 * @param lagMedianMillis from when an item was shown stale to its fresh score; -1: there was none
 * @param lagP99Millis the same, of the slowest hundredth
 */
public record RefreshFigures(
    double perSecond, long written, long lagMedianMillis, long lagP99Millis) {

  /**
   * Of the refresh's counters.
   *
   * @param before as they were at the beginning of the while
   * @param now as they are at its end
   * @param seconds how long it was
   */
  public static RefreshFigures of(Map<String, Long> before, Map<String, Long> now, double seconds) {
    return new RefreshFigures(
        (written(now) - written(before)) / Math.max(seconds, 1e-3),
        written(now),
        percentile(before, now, 0.5),
        percentile(before, now, 0.99));
  }

  private static long percentile(Map<String, Long> before, Map<String, Long> now, double share) {
    return RefreshLag.percentile(
        name -> now.getOrDefault(name, 0L) - before.getOrDefault(name, 0L), share);
  }

  private static long written(Map<String, Long> counters) {
    return counters.getOrDefault("scores_inserted", 0L)
        + counters.getOrDefault("scores_updated", 0L);
  }
}
