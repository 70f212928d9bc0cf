package io.shelfcast.scoring;

import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one model version. It opens when eight of its last ten calls have failed;
 * then nobody calls for a while, and calls on trial, of which there are two at a time, decide
 * whether it closes: by two successes; one failure opens it again.
 *
 * <p>A call waits at an open breaker rather than fail, which is what holds the stream back while a
 * model is down. Waiting costs nothing: a thread sleeps until the breaker is due or a call on trial
 * has ended. When it closes, all go on at once; {@link Pace} spreads them.
 */
final class ModelBreaker {

  private static final Logger LOG = LoggerFactory.getLogger(ModelBreaker.class);

  static final int FAILURES = 5;
  static final int TRIALS = 2;

  // A clock that is read twice may say that nothing is left to wait, a little early.
  private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final CircuitBreaker<Object> breaker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger untoldOpenings = new AtomicInteger();
  private volatile String lastError = "none";

  ModelBreaker(String modelVersion, Duration open) {
    this.breaker =
        CircuitBreaker.builder()
            .withFailureThreshold(FAILURES)
            .withSuccessThreshold(TRIALS)
            .withDelay(open)
            .onOpen(
                event -> {
                  untoldOpenings.incrementAndGet();
                  LOG.warn(
                      "calls of model version {} fail, none is made for {}: {}",
                      modelVersion,
                      open,
                      lastError);
                })
            .onClose(event -> LOG.info("calls of model version {} succeed again", modelVersion))
            .build();
  }

  /**
   * Waits until a call may be made; {@link #succeeded}, {@link #failed} or {@link #abandoned} has
   * to follow, as the number of calls on trial is counted.
   *
   * @param deadline until when to wait, as {@link System#nanoTime} counts
   * @return whether a call may be made; else the time is up
   */
  boolean await(long deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!breaker.tryAcquirePermit()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        // Calls on trial signal when they end; nobody signals that an open breaker is due.
        long due = breaker.isOpen() ? breaker.getRemainingDelay().toNanos() : left;
        changed.awaitNanos(Math.min(left, Math.max(due, LEAST_WAIT_NANOS)));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void succeeded() {
    breaker.recordSuccess();
    signal();
  }

  void failed(String error) {
    lastError = error;
    breaker.recordFailure();
    signal();
  }

  /**
   * The call was cut short, by us: that says nothing about the model. On trial it counts as a
   * failure, for a trial without an end would leave the breaker waiting for one.
   */
  void abandoned() {
    if (breaker.isHalfOpen()) {
      breaker.recordFailure();
      signal();
    }
  }

  /** Whether no call may be made now. */
  boolean isOpen() {
    return breaker.isOpen();
  }

  /** Whether calls go through without more ado. */
  boolean isClosed() {
    return breaker.isClosed();
  }

  /** What the call said that failed last. */
  String lastError() {
    return lastError;
  }

  /** How many times it has opened since this was last asked. */
  int takeOpenings() {
    return untoldOpenings.getAndSet(0);
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
