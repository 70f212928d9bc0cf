package io.shelfcast.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.store.OnceInAWhile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for fresh scores of items that were read stale, without making the reader wait: each item
 * once in a while, through a bounded queue, from a thread of its own that groups them by store.
 * What finds the queue full, or cannot be sent, is dropped and counted, and asked for again when it
 * is next read.
 */
final class RefreshRequests implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshRequests.class);

  /** What the refresh takes in one message. */
  private static final int MAX_PRODUCTS = 1_000;

  /** How many reads' items one look at the queue takes, to be grouped. */
  private static final int MAX_GROUPED = 256;

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  /** Where requests go. */
  interface Channel extends AutoCloseable {
    /** Sends without waiting for the answer, though it may wait for room. */
    void send(RefreshRequest request, Sent sent);

    @Override
    void close();
  }

  /** Is told how it went, by any thread, once. */
  @FunctionalInterface
  interface Sent {
    void done(boolean arrived);
  }

  private record Item(long storeId, long productId) {}

  private record Group(long storeId, String source) {}

  /** Items of one read that nobody asked for lately. */
  private static final class Asked {
    private final String source;
    private final long atMicros;
    private final long[] storeIds;
    private final long[] productIds;

    Asked(String source, long atMicros, long[] storeIds, long[] productIds) {
      this.source = source;
      this.atMicros = atMicros;
      this.storeIds = storeIds;
      this.productIds = productIds;
    }
  }

  private final Channel channel;
  private final Meters meters;
  private final int maxQueuedItems;
  private final Cache<Item, Boolean> askedLately;
  private final LinkedBlockingQueue<Asked> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger queuedItems = new AtomicInteger();
  private final Thread sender = new Thread(this::sendAll, "shelfcast-refresh-requests");
  private volatile boolean closing;
  private final OnceInAWhile telling = new OnceInAWhile(TOLD_EVERY);

  /** What is counted of them, in items. */
  interface Meters {
    void sent(int items);

    void suppressed(int items);

    void dropped(int items);
  }

  /**
   * Requests to a channel, which is closed with them.
   *
   * @param interval how long an item that was asked for is not asked for again
   * @param maxRemembered of how many items that is known; of more, some are asked for more often
   * @param maxQueuedItems how many items may wait to be sent
   */
  RefreshRequests(
      Channel channel,
      Duration interval,
      long maxRemembered,
      int maxQueuedItems,
      Ticker ticker,
      Meters meters) {
    this.channel = channel;
    this.meters = meters;
    this.maxQueuedItems = maxQueuedItems;
    this.askedLately =
        Caffeine.newBuilder()
            .expireAfterWrite(interval)
            .maximumSize(maxRemembered)
            .ticker(ticker)
            .build();
    sender.setDaemon(true);
    sender.start();
  }

  /** How many items wait to be sent. */
  int queuedItems() {
    return queuedItems.get();
  }

  /**
   * Asks for the stale items of an answer. Never waits, and never throws.
   *
   * @param source where they are shown
   */
  void ask(ReadAnswer answer, String source, long nowMicros) {
    long[] stores = new long[0];
    long[] products = new long[0];
    int asked = 0;
    int suppressed = 0;
    for (int i = 0; i < answer.size(); i++) {
      if (!answer.isStale(i)) {
        continue;
      }
      Item item = new Item(answer.storeId(i), answer.productId(i));
      if (askedLately.asMap().putIfAbsent(item, Boolean.TRUE) != null) {
        suppressed++;
        continue;
      }
      if (asked == stores.length) {
        int capacity = asked == 0 ? 16 : Math.min(answer.size(), asked * 4);
        stores = Arrays.copyOf(stores, capacity);
        products = Arrays.copyOf(products, capacity);
      }
      stores[asked] = item.storeId();
      products[asked++] = item.productId();
    }
    if (suppressed > 0) {
      meters.suppressed(suppressed);
    }
    if (asked > 0) {
      enqueue(
          new Asked(
              source, nowMicros, Arrays.copyOf(stores, asked), Arrays.copyOf(products, asked)));
    }
  }

  private void enqueue(Asked asked) {
    int items = asked.productIds.length;
    if (queuedItems.addAndGet(items) <= maxQueuedItems && !closing) {
      queue.add(asked);
      return;
    }
    queuedItems.addAndGet(-items);
    for (int i = 0; i < items; i++) {
      askedLately.invalidate(new Item(asked.storeIds[i], asked.productIds[i]));
    }
    meters.dropped(items);
  }

  private void sendAll() {
    List<Asked> taken = new ArrayList<>();
    while (true) {
      try {
        Asked first = queue.poll(closing ? 0 : 100, TimeUnit.MILLISECONDS);
        if (first == null) {
          if (closing) {
            return;
          }
          continue;
        }
        taken.add(first);
        queue.drainTo(taken, MAX_GROUPED - 1);
        send(taken);
      } catch (InterruptedException e) {
        return; // By close, whose patience is at an end.
      }
      taken.clear();
    }
  }

  private void send(List<Asked> taken) {
    Map<Group, List<Long>> groups = new LinkedHashMap<>();
    long atMicros = Long.MAX_VALUE;
    for (Asked asked : taken) {
      queuedItems.addAndGet(-asked.productIds.length);
      // The earliest: what lag is told of them is then not too small.
      atMicros = Math.min(atMicros, asked.atMicros);
      for (int i = 0; i < asked.productIds.length; i++) {
        groups
            .computeIfAbsent(new Group(asked.storeIds[i], asked.source), g -> new ArrayList<>())
            .add(asked.productIds[i]);
      }
    }
    for (Map.Entry<Group, List<Long>> group : groups.entrySet()) {
      List<Long> products = group.getValue();
      for (int from = 0; from < products.size(); from += MAX_PRODUCTS) {
        List<Long> some = products.subList(from, Math.min(products.size(), from + MAX_PRODUCTS));
        send(group.getKey(), some, atMicros);
      }
    }
  }

  private void send(Group group, List<Long> products, long atMicros) {
    long[] ids = products.stream().mapToLong(Long::longValue).toArray();
    RefreshRequest request =
        RefreshRequest.of(group.storeId(), ids, atMicros, group.source(), null);
    try {
      channel.send(request, arrived -> sent(request, arrived));
    } catch (RuntimeException | Error e) {
      // One that goes wrong must not be the last, nor keep its items from being asked for again.
      if (telling.isDue()) {
        LOG.error("refresh requests cannot be made; reads go on without", e);
      }
      sent(request, false);
    }
  }

  private void sent(RefreshRequest request, boolean arrived) {
    if (arrived) {
      meters.sent(request.size());
      return;
    }
    for (int i = 0; i < request.size(); i++) {
      askedLately.invalidate(new Item(request.storeId(), request.productId(i)));
    }
    meters.dropped(request.size());
  }

  /** Sends what waits, as far as that is possible within a few seconds. */
  @Override
  public void close() {
    closing = true;
    try {
      sender.join(STOP_PATIENCE.toMillis());
      sender.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.close();
  }
}
