package io.shelfcast.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as microseconds since 1970 (UTC), which is how score rows carry them. */
public final class Micros {

  private static final long PER_SECOND = 1_000_000L;

  private Micros() {}

  /**
   * What is beyond microseconds is cut off; a time too far off for them is the farthest they have.
   */
  public static long of(Instant instant) {
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1000);
    } catch (ArithmeticException e) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** The time of that many microseconds. */
  public static Instant toInstant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
