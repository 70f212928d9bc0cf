package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.policy.Decision;
import io.shelfcast.store.FoundScores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RefreshRequestsTest {

  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Recorder channel = new Recorder();
  private final Counts counts = new Counts();
  private final AtomicLong nanos = new AtomicLong();
  private final RefreshRequests requests =
      new RefreshRequests(channel, INTERVAL, 1_000, 20, nanos::get, counts);

  @AfterEach
  void closes() {
    channel.room.release(1_000);
    requests.close();
  }

  @Test
  void theStaleItemsOfAReadAreAskedForByStore() throws InterruptedException {
    requests.ask(stale(new long[] {7, 8, 7}, new long[] {1, 2, 3}), "search", 5);

    assertEquals(
        List.of(
            RefreshRequest.of(7, new long[] {1, 3}, 5, "search", null),
            RefreshRequest.of(8, new long[] {2}, 5, "search", null)),
        List.of(channel.next(), channel.next()));
    counts.await(() -> counts.sent.get() == 3);
  }

  @Test
  void anItemIsAskedForOnceInAWhile() throws InterruptedException {
    requests.ask(stale(7, 1, 2), "search", 5);
    assertEquals(2, channel.next().size());
    requests.ask(stale(7, 1, 2, 3), "cart", 6);
    assertEquals(RefreshRequest.of(7, new long[] {3}, 6, "cart", null), channel.next());
    assertEquals(2, counts.suppressed.get());

    nanos.addAndGet(INTERVAL.toNanos());
    requests.ask(stale(7, 1), "search", 7);
    assertEquals(RefreshRequest.of(7, new long[] {1}, 7, "search", null), channel.next());
  }

  @Test
  void whatFindsNoRoomIsDroppedAndAskedForAgainLater() throws InterruptedException {
    channel.room.drainPermits();
    requests.ask(stale(1, 1), "search", 5); // The sender takes it, and waits for room.
    channel.waiting.await();
    requests.ask(stale(2, LongStream.range(0, 20).toArray()), "search", 5);
    requests.ask(stale(3, 1, 2), "search", 5);
    assertEquals(2, counts.dropped.get());
    assertEquals(20, requests.queuedItems());

    channel.room.release(1_000);
    assertEquals(1, channel.next().storeId());
    assertEquals(20, channel.next().size());
    counts.await(() -> requests.queuedItems() == 0);
    requests.ask(stale(3, 1, 2), "search", 6);
    assertEquals(RefreshRequest.of(3, new long[] {1, 2}, 6, "search", null), channel.next());
  }

  @Test
  void whatDidNotArriveIsCountedAsDroppedAndAskedForAgain() throws InterruptedException {
    channel.arrives = false;
    requests.ask(stale(7, 1, 2), "search", 5);
    channel.next();
    counts.await(() -> counts.dropped.get() == 2);
    channel.arrives = true;
    requests.ask(stale(7, 1, 2), "search", 6);
    assertEquals(2, channel.next().size());
    counts.await(() -> counts.sent.get() == 2);
    assertEquals(0, counts.suppressed.get());
  }

  @Test
  void aChannelThatFailsDoesNotEndTheSending() throws InterruptedException {
    channel.fails = true;
    requests.ask(stale(7, 1), "search", 5);
    counts.await(() -> counts.dropped.get() == 1);
    channel.fails = false;
    requests.ask(stale(7, 1), "search", 5);
    assertEquals(7, channel.next().storeId());
  }

  @Test
  void closingSendsWhatWaits() throws InterruptedException {
    channel.room.drainPermits();
    for (int store = 0; store < 10; store++) {
      requests.ask(stale(store, 1), "search", 5);
    }
    channel.waiting.await();
    channel.room.release(1_000);
    requests.close();
    List<Long> stores = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stores.add(channel.next().storeId());
    }
    assertEquals(LongStream.range(0, 10).boxed().toList(), stores);
    assertTrue(channel.closed);
  }

  private static ReadAnswer stale(long storeId, long... productIds) {
    long[] stores = new long[productIds.length];
    Arrays.fill(stores, storeId);
    return stale(stores, productIds);
  }

  private static ReadAnswer stale(long[] storeIds, long[] productIds) {
    ReadRequest.Builder request = ReadRequest.ofItems();
    for (int i = 0; i < storeIds.length; i++) {
      request.addItem(storeIds[i], productIds[i]);
    }
    Decision[] decisions = new Decision[storeIds.length];
    Arrays.fill(decisions, Decision.UNKNOWN);
    return new ReadAnswer(
        request.build(), FoundScores.none(storeIds.length), decisions, "m", 0, "t", 1, 0);
  }

  private static final class Recorder implements RefreshRequests.Channel {
    private final LinkedBlockingQueue<RefreshRequest> sent = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(1_000);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private volatile boolean arrives = true;
    private volatile boolean fails;
    private volatile boolean closed;

    RefreshRequest next() throws InterruptedException {
      RefreshRequest next = sent.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was sent");
      }
      return next;
    }

    @Override
    public void send(RefreshRequest request, RefreshRequests.Sent done) {
      if (fails) {
        throw new IllegalStateException("as it is told to");
      }
      waiting.countDown();
      room.acquireUninterruptibly();
      sent.add(request);
      done.done(arrives);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class Counts implements RefreshRequests.Meters {
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger suppressed = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
      while (!condition.getAsBoolean()) {
        Thread.sleep(1); // Bounded by the test's own time limit.
      }
    }

    @Override
    public void sent(int items) {
      sent.addAndGet(items);
    }

    @Override
    public void suppressed(int items) {
      suppressed.addAndGet(items);
    }

    @Override
    public void dropped(int items) {
      dropped.addAndGet(items);
    }
  }
}
