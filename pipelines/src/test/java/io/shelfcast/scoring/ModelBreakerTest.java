package io.shelfcast.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ModelBreakerTest {

  @Test
  void itOpensWhenHalfOfTheLastCallsHaveFailed() throws Exception {
    ModelBreaker breaker = new ModelBreaker("v1", Duration.ofHours(1));
    for (int i = 0; i < ModelBreaker.FAILURES; i++) {
      breaker.succeeded();
    }
    for (int i = 1; i < ModelBreaker.FAILURES; i++) {
      breaker.failed("HTTP 503");
      assertTrue(breaker.await(System.nanoTime()), "after " + i + " failures");
    }

    breaker.failed("HTTP 500");

    assertTrue(breaker.isOpen());
    assertEquals("HTTP 500", breaker.lastError());
    assertFalse(breaker.await(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20)));
    assertEquals(1, breaker.takeOpenings());
    assertEquals(0, breaker.takeOpenings());
  }

  @Test
  void ofAllThatWaitOnlyTheCallsOnTrialGoThroughAndTheRestWhenTheySucceed() throws Exception {
    ModelBreaker breaker = opened(Duration.ofMillis(50));
    AtomicInteger through = new AtomicInteger();
    CountDownLatch trials = new CountDownLatch(1);
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  if (breaker.await(System.nanoTime() + TimeUnit.SECONDS.toNanos(20))) {
                    through.incrementAndGet();
                    trials.await();
                    breaker.succeeded();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      waiting.add(thread);
    }

    until(() -> through.get() >= ModelBreaker.TRIALS);
    // Those on trial wait at the latch, without a time; the others at the breaker, with one.
    until(
        () ->
            waiting.stream().filter(t -> t.getState() == Thread.State.TIMED_WAITING).count()
                == waiting.size() - ModelBreaker.TRIALS);
    assertEquals(ModelBreaker.TRIALS, through.get());
    assertFalse(breaker.isClosed());

    trials.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }
    assertEquals(10, through.get());
    assertTrue(breaker.isClosed());
  }

  @Test
  void oneFailureOnTrialOpensItAgain() throws Exception {
    ModelBreaker breaker = opened(Duration.ofMillis(20));
    assertTrue(breaker.await(System.nanoTime() + TimeUnit.SECONDS.toNanos(20)));
    breaker.failed("HTTP 503");

    assertTrue(breaker.isOpen());
    assertEquals(2, breaker.takeOpenings());
  }

  @Test
  void aCallThatWasCutShortSaysNothingUnlessItWasOnTrial() throws Exception {
    ModelBreaker closed = new ModelBreaker("v1", Duration.ofHours(1));
    for (int i = 0; i < ModelBreaker.FAILURES; i++) {
      closed.abandoned();
    }
    assertTrue(closed.isClosed());

    ModelBreaker onTrial = opened(Duration.ofMillis(20));
    assertTrue(onTrial.await(System.nanoTime() + TimeUnit.SECONDS.toNanos(20)));
    onTrial.abandoned();
    assertTrue(onTrial.isOpen());
  }

  private static ModelBreaker opened(Duration open) {
    ModelBreaker breaker = new ModelBreaker("v1", open);
    for (int i = 0; i < ModelBreaker.FAILURES; i++) {
      breaker.failed("HTTP 503");
    }
    return breaker;
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
