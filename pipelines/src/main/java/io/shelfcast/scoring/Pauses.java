package io.shelfcast.scoring;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long is waited.
 *
 * @param firstRetry before the first retry; doubled with each further one
 * @param longestRetry before a retry at the most
 * @param openBreaker until an open circuit breaker lets calls through on trial
 */
record Pauses(Duration firstRetry, Duration longestRetry, Duration openBreaker) {

  static final Pauses DEFAULT =
      new Pauses(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(5));

  private static final int MAX_DOUBLINGS = 30;

  /**
   * Between half and all of the pause, at random, so that calls that failed together do not come
   * back together.
   *
   * @param failures how many tries have failed, this one included
   */
  Duration beforeRetry(int failures, RandomGenerator random) {
    long doubled = firstRetry.toNanos() << Math.min(failures - 1, MAX_DOUBLINGS);
    long nanos = Math.min(doubled, longestRetry.toNanos());
    return Duration.ofNanos(nanos / 2 + (long) (random.nextDouble() * (nanos / 2.0)));
  }
}
