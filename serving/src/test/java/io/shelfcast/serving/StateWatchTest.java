package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.serving.experiment.ExperimentSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StateWatchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AtomicInteger set = new AtomicInteger(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Semaphore mayLook = new Semaphore(1_000_000);
  private StateWatch watch;

  private StateWatch watch(Duration interval) throws InterruptedException {
    watch =
        new StateWatch(
            known -> {
              looks.incrementAndGet();
              mayLook.acquireUninterruptibly();
              Throwable wrong = failure.get();
              if (wrong instanceof Error error) {
                throw error;
              }
              if (wrong instanceof RuntimeException exception) {
                throw exception;
              }
              return state(set.get());
            },
            interval);
    return watch;
  }

  private static ServingState state(int policy) {
    return new ServingState(
        new ModelVersion((short) 1, "m1", ModelStatus.LIVE),
        Map.of(),
        List.of(),
        ExperimentSnapshot.NONE,
        policy,
        Map.of(policy, CompiledPolicy.of(new ThresholdPolicy(policy, List.of()))),
        new SegmentTable.Builder<>(StoreAttributes.UNKNOWN).build(),
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN).build());
  }

  private void awaitPolicy(int policy) throws InterruptedException {
    while (true) {
      try {
        if (watch.current().latestPolicy() == policy) {
          return;
        }
      } catch (NotReadyException e) {
        // Not yet.
      }
      Thread.sleep(1);
    }
  }

  @AfterEach
  void closes() {
    mayLook.release(1_000);
    watch.close();
  }

  @Test
  void whatIsLackingIsLookedUpAlsoRightAfterALook() throws Exception {
    watch(Duration.ofHours(1));
    awaitPolicy(1);
    for (int version = 2; version < 12; version++) {
      set.set(version);
      int wanted = version;
      assertEquals(
          version,
          watch.currentWith(known -> known.latestPolicy() == wanted, PATIENCE).latestPolicy());
    }
  }

  @Test
  void allWhoLackSomethingShareALook() throws Exception {
    watch(Duration.ofHours(1));
    awaitPolicy(1);
    int before = looks.get();
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<ServingState>> asked = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        asked.add(
            threads.submit(
                () -> {
                  go.await();
                  return watch.currentWith(known -> known.latestPolicy() == 2, PATIENCE);
                }));
      }
      go.countDown();
      for (Future<ServingState> state : asked) {
        assertEquals(1, state.get().latestPolicy());
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(looks.get() - before <= 3, (looks.get() - before) + " looks");
  }

  @Test
  void whileALookHangsNobodyWaitsForIt() throws Exception {
    watch(Duration.ofMillis(20));
    awaitPolicy(1);
    mayLook.drainPermits();
    int before = looks.get();
    while (looks.get() == before) {
      Thread.sleep(1);
    }
    watch.currentWith(known -> false, Duration.ofMillis(10)); // Now it has hung for that long.
    Thread.sleep(20);
    long started = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      watch.currentWith(known -> false, Duration.ofMillis(10));
    }
    // A thousand times ten milliseconds, if each waited.
    assertTrue(System.nanoTime() - started < Duration.ofSeconds(5).toNanos());
  }

  @Test
  void anErrorIsNotTheEndOfLooking() throws Exception {
    watch(Duration.ofMillis(10));
    awaitPolicy(1);
    failure.set(new OutOfMemoryError("as it is told to"));
    int before = looks.get();
    while (looks.get() < before + 3) {
      Thread.sleep(1);
    }
    set.set(2);
    failure.set(null);
    awaitPolicy(2);
  }

  @Test
  void beforeTheFirstLookSucceedsClientsAreToldNoMoreThanToTryAgain() throws Exception {
    failure.set(new IllegalStateException("jdbc:postgresql://secret.example.com/x is away"));
    watch(Duration.ofMillis(10));
    while (looks.get() < 3) {
      Thread.sleep(1);
    }
    NotReadyException told = assertThrows(NotReadyException.class, watch::current);
    assertTrue(told.getMessage().contains("try again"), told.getMessage());
    assertTrue(!told.getMessage().contains("secret"), told.getMessage());
  }
}
