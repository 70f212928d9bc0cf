package io.shelfcast.scoring;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Holds the calls of this worker, whichever model they ask, to a number at a time and a number a
 * second. Waiting for either ends by itself, as every call in flight ends by its timeout.
 */
final class Pace {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Semaphore inFlight;
  private final RateLimiter<Object> perSecond;

  Pace(int maxInFlight, double maxCallsPerSecond) {
    this.inFlight = new Semaphore(maxInFlight, true);
    this.perSecond =
        RateLimiter.smoothBuilder(Duration.ofNanos((long) (NANOS_PER_SECOND / maxCallsPerSecond)))
            .build();
  }

  /** Waits until a call may be made; {@link #leave} has to follow. */
  void enter() throws InterruptedException {
    // In this order: a permit of the rate that then waits for a call to end would be used late,
    // together with others.
    inFlight.acquire();
    boolean entered = false;
    try {
      perSecond.acquirePermit();
      entered = true;
    } finally {
      if (!entered) {
        inFlight.release();
      }
    }
  }

  /** The call is over. */
  void leave() {
    inFlight.release();
  }
}
