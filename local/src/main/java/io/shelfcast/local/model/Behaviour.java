package io.shelfcast.local.model;

import java.time.Duration;

/**
 * How well a model server serves, to try what its clients do about that. All of it is about infer
 * calls; the others are answered as ever.
 *
 * @param latency how much later than it could a call is answered
 * @param errorRate the share of calls that are answered with 503, from 0 to 1
 * @param maxCallsPerSecond in any one second no more calls than this are served, and those above it
 *     are answered with 429; 0 for no limit
 * @param silent calls are taken and not answered, until the server behaves otherwise or is closed
 */
public record Behaviour(
    Duration latency, double errorRate, double maxCallsPerSecond, boolean silent) {

  /** At once, always. */
  public static final Behaviour PERFECT = new Behaviour(Duration.ZERO, 0, 0, false);

  public Behaviour {
    if (latency.isNegative()) {
      throw new IllegalArgumentException("latency %s is negative".formatted(latency));
    }
    if (!(errorRate >= 0 && errorRate <= 1)) {
      throw new IllegalArgumentException("errorRate %s is outside [0, 1]".formatted(errorRate));
    }
    if (!(maxCallsPerSecond == 0 || maxCallsPerSecond >= 1)) {
      throw new IllegalArgumentException(
          "maxCallsPerSecond %s is neither 0 (no limit) nor at least 1"
              .formatted(maxCallsPerSecond));
    }
  }

  /** Never silent. */
  public Behaviour(Duration latency, double errorRate, double maxCallsPerSecond) {
    this(latency, errorRate, maxCallsPerSecond, false);
  }

  /** The same, but this late. */
  public Behaviour withLatency(Duration newLatency) {
    return new Behaviour(newLatency, errorRate, maxCallsPerSecond, silent);
  }

  /** The same, but with this share of errors. */
  public Behaviour withErrorRate(double newErrorRate) {
    return new Behaviour(latency, newErrorRate, maxCallsPerSecond, silent);
  }

  /** The same, but with this limit. */
  public Behaviour withMaxCallsPerSecond(double newMaxCallsPerSecond) {
    return new Behaviour(latency, errorRate, newMaxCallsPerSecond, silent);
  }

  /** The same, but without an answer. */
  public Behaviour withSilence() {
    return new Behaviour(latency, errorRate, maxCallsPerSecond, true);
  }
}
