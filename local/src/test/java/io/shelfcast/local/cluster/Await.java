package io.shelfcast.local.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** Waiting for what is to come about in other processes. */
final class Await {

  private static final Duration POLL = Duration.ofMillis(100);

  private Await() {}

  /**
   * Waits until the condition holds; where it cannot be told because a server is away, it waits.
   */
  static void until(String what, Duration patience, Callable<Boolean> condition) {
    AtomicReference<Exception> last = new AtomicReference<>();
    if (!holds(patience, condition, last)) {
      throw new AssertionError("not within %s: %s".formatted(patience, what), last.get());
    }
  }

  /** Whether the condition comes to hold in time. */
  static boolean holds(Duration patience, Callable<Boolean> condition) {
    return holds(patience, condition, new AtomicReference<>());
  }

  private static boolean holds(
      Duration patience, Callable<Boolean> condition, AtomicReference<Exception> last) {
    long deadline = System.nanoTime() + patience.toNanos();
    do {
      try {
        if (condition.call()) {
          return true;
        }
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting", e);
      } catch (Exception e) {
        last.set(e);
      }
    } while (System.nanoTime() < deadline);
    return false;
  }
}
