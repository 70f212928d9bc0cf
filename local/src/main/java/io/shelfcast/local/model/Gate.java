package io.shelfcast.local.model;

import java.time.Duration;
import java.util.Random;

/** What becomes of an infer call, as the server is told to behave. Safe for use by many threads. */
final class Gate {
  private final Random random;
  private final LastSecond arrived = new LastSecond();
  private final LastSecond served = new LastSecond();
  private Behaviour behaviour;

  Gate(Behaviour behaviour, Random random) {
    this.behaviour = behaviour;
    this.random = random;
  }

  /** What becomes of a call. */
  enum Verdict {
    SERVED,
    FAILED,
    ONE_TOO_MANY,
    LEFT_WAITING
  }

  /**
   * @param latency how long the answer is to be held back
   */
  record Ruling(Verdict verdict, Duration latency) {}

  synchronized Behaviour behaviour() {
    return behaviour;
  }

  synchronized void behave(Behaviour changed) {
    behaviour = changed;
  }

  synchronized void arrive() {
    arrived.add(System.nanoTime());
  }

  /** Counts calls to be served. */
  synchronized Ruling rule() {
    return new Ruling(verdict(), behaviour.latency());
  }

  private Verdict verdict() {
    if (behaviour.silent()) {
      return Verdict.LEFT_WAITING;
    }
    long now = System.nanoTime();
    double limit = behaviour.maxCallsPerSecond();
    if (limit > 0 && served.count(now) + 1 > limit) {
      return Verdict.ONE_TOO_MANY;
    }
    served.add(now);
    return random.nextDouble() < behaviour.errorRate() ? Verdict.FAILED : Verdict.SERVED;
  }

  /** The greatest number of calls that arrived in any one second, whatever became of them. */
  synchronized int mostInASecond() {
    return arrived.most();
  }
}
