package io.shelfcast.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What came of requests, each of which has a time at which it had to be sent. A latency counts from
 * that time, not from when a connection was free: those that wait behind a slow one are slow too.
 */
final class Latencies {

  private static final long FAILED = -1;
  private static final long NEVER_SENT = 0;
  private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final long[] nanos;
  private final long startNanos;
  private final double intervalNanos;
  private int planned;
  private double seconds;

  /**
   * Room for some.
   *
   * @param intervalNanos from one to the next; 0: each is due when it is sent
   */
  Latencies(int capacity, long startNanos, double intervalNanos) {
    this.nanos = new long[capacity];
    this.startNanos = startNanos;
    this.intervalNanos = intervalNanos;
  }

  int capacity() {
    return nanos.length;
  }

  long dueNanos(int request) {
    return startNanos + (long) (request * intervalNanos);
  }

  /** Each by one thread; they are read when all threads are done. */
  void succeeded(int request, long latencyNanos) {
    nanos[request] = Math.max(1, latencyNanos);
  }

  void failed(int request) {
    nanos[request] = FAILED;
  }

  /** No more of them. */
  void done(int howMany, double afterSeconds) {
    planned = howMany;
    seconds = afterSeconds;
  }

  /** Those that failed, or were not even sent. */
  long failures() {
    return Arrays.stream(nanos, 0, planned).filter(n -> n == FAILED || n == NEVER_SENT).count();
  }

  int count() {
    return planned;
  }

  double perSecond() {
    return (planned - failures()) / seconds;
  }

  double seconds() {
    return seconds;
  }

  Histogram histogram() {
    return histogram(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Of those that were due from one time until another. */
  Histogram histogram(long fromNanos, long untilNanos) {
    Histogram histogram = new Histogram(MAX_NANOS, 3);
    for (int i = 0; i < planned; i++) {
      if (nanos[i] > 0 && dueNanos(i) >= fromNanos && dueNanos(i) < untilNanos) {
        histogram.recordValue(Math.min(MAX_NANOS, nanos[i]));
      }
    }
    return histogram;
  }

  static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e6;
  }
}
