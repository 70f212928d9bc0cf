package io.shelfcast.local.demo;

import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of the reads of a while.
 *
 * @param seconds how long that was
 * @param reads how many were answered
 * @param failed how many were not
 * @param items how many items were in the answers
 * @param stale how many of those were stale
 * @param decisions how many of each kind
 * @param models how many reads each model version answered
 * @param latencies in microseconds, from when a read was due
 */
public record ReadFigures(
    double seconds,
    long reads,
    long failed,
    long items,
    long stale,
    Map<String, Long> decisions,
    Map<String, Long> models,
    Histogram latencies) {

  private static final int DIGITS = 3;

  public ReadFigures {
    decisions = Map.copyOf(decisions);
    models = Map.copyOf(models);
  }

  /** Of no time at all. */
  public static ReadFigures none() {
    return new ReadFigures(0, 0, 0, 0, 0, Map.of(), Map.of(), new Histogram(DIGITS));
  }

  /** Of both whiles together. */
  public ReadFigures plus(ReadFigures other) {
    Histogram both = latencies.copy();
    both.add(other.latencies);
    return new ReadFigures(
        seconds + other.seconds,
        reads + other.reads,
        failed + other.failed,
        items + other.items,
        stale + other.stale,
        sum(decisions, other.decisions),
        sum(models, other.models),
        both);
  }

  private static Map<String, Long> sum(Map<String, Long> some, Map<String, Long> others) {
    Map<String, Long> sum = new HashMap<>(some);
    others.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return sum;
  }

  /** Of the items that were answered, the share that was stale, from 0 to 1. */
  public double staleShare() {
    return items == 0 ? 0 : (double) stale / items;
  }

  /** A percentile of the latencies, in milliseconds. */
  public double latencyMillis(double percent) {
    return latencies.getValueAtPercentile(percent) / 1e3;
  }
}
