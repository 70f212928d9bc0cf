package io.shelfcast.local.cluster;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.quality.RefreshRequestText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a steady rate, whatever is going on, and remembers what was asked for: the
 * oracle that the tables are held against. What the broker has not acknowledged may have been asked
 * for or not.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What becomes of a record its callback hears.
final class RequestLoad implements AutoCloseable {

  private static final int REQUESTS_A_SECOND = 200;
  private static final int ITEMS = 5;

  private static final int TICK_MILLIS = 20;
  private static final int A_TICK = REQUESTS_A_SECOND * TICK_MILLIS / 1000;
  private static final int PATIENCE_MILLIS = 180_000;

  /** Some more than once: soon again, which is suppressed, and when the interval is over. */
  private static final int EVERY = 10;

  private static final int SOON = 30;
  private static final int LATE = 15 * REQUESTS_A_SECOND;
  private static final int MALFORMED_EVERY = 40;
  private static final List<String> MALFORMED =
      List.of("no JSON", "{\"store_id\":1}", "{\"store_id\":1,\"product_ids\":[-%d]}", "\0%d");

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<RefreshRequest> sent = new ArrayList<>();
  private final Map<Item, Asked> asked = new ConcurrentHashMap<>();
  private final Set<Item> perhaps = ConcurrentHashMap.newKeySet();
  private final Set<Place> malformed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger unacknowledged = new AtomicInteger();
  private int malformedSent;
  private @Nullable ScheduledFuture<?> ticks;

  /** What requests ask for. */
  record Item(long storeId, long productId) {}

  /** When it was asked for last, by which record, and how often. */
  record Asked(long atMicros, Place last, int times) {
    Asked and(Asked other) {
      Asked later = other.atMicros < atMicros ? this : other;
      return new Asked(later.atMicros, later.last, times + other.times);
    }
  }

  /** Where a record stands, as dead letters have it. */
  record Place(String source, long position) {}

  RequestLoad(String bootstrapServers, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "linger.ms",
                5,
                // A broker that is away is waited for.
                "max.block.ms",
                PATIENCE_MILLIS,
                "delivery.timeout.ms",
                PATIENCE_MILLIS,
                "request.timeout.ms",
                5_000,
                "reconnect.backoff.max.ms",
                500),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void start() {
    ticks = clock.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Sends no more, and waits until the broker has acknowledged all. */
  void stop() throws Exception {
    if (ticks != null && ticks.isDone()) {
      // It has failed: then why.
      ticks.get();
    }
    clock.shutdown();
    if (!clock.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the load does not end");
    }
    producer.flush();
  }

  /** A new item, asked for by a request in that partition. */
  Item probe(int partition) {
    synchronized (sent) {
      RefreshRequest request = next(1);
      send(request, partition);
      return new Item(request.storeId(), request.productId(0));
    }
  }

  /** How many requests the broker has taken so far. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How many it has not, and may have or not. */
  int unacknowledged() {
    return unacknowledged.get();
  }

  Map<Item, Asked> asked() {
    return asked;
  }

  /** What was sent without an answer. */
  Set<Item> perhaps() {
    return perhaps;
  }

  Set<Place> malformed() {
    return malformed;
  }

  private void tick() {
    synchronized (sent) {
      for (int i = 0; i < A_TICK; i++) {
        send(next(ITEMS), null);
        int n = sent.size();
        if (n % EVERY == 0) {
          again(n - (n % (2 * EVERY) == 0 ? SOON : LATE));
        }
        if (n % MALFORMED_EVERY == 0) {
          sendMalformed();
        }
      }
    }
  }

  /** A request for items that nobody has asked for, the last of them named twice. */
  private RefreshRequest next(int items) {
    long number = sent.size();
    long[] products = new long[items == 1 ? 1 : items + 1];
    for (int i = 0; i < products.length; i++) {
      products[i] = 10 * number + Math.min(i, items - 1);
    }
    RefreshRequest request = request(number % 1000, products);
    sent.add(request);
    return request;
  }

  private void again(int which) {
    if (which >= 0) {
      RefreshRequest before = sent.get(which);
      long[] products = new long[before.size()];
      for (int i = 0; i < products.length; i++) {
        products[i] = before.productId(i);
      }
      send(request(before.storeId(), products), null);
    }
  }

  private static RefreshRequest request(long storeId, long[] products) {
    return RefreshRequest.of(storeId, products, Micros.of(Instant.now()), "cluster-test", null);
  }

  private void send(RefreshRequest request, @Nullable Integer partition) {
    producer.send(
        record(RefreshRequestText.of(request), partition),
        (metadata, failure) -> {
          if (failure != null) {
            perhaps.addAll(itemsOf(request));
            unacknowledged.incrementAndGet();
            return;
          }
          Asked once = new Asked(request.requestedAtMicros(), place(metadata), 1);
          itemsOf(request).forEach(item -> asked.merge(item, once, Asked::and));
          acknowledged.incrementAndGet();
        });
  }

  private void sendMalformed() {
    malformedSent++;
    String text = MALFORMED.get(malformedSent % MALFORMED.size()).formatted(malformedSent);
    producer.send(
        record(text, null),
        (metadata, failure) -> {
          if (failure == null) {
            malformed.add(place(metadata));
          } else {
            unacknowledged.incrementAndGet();
          }
        });
  }

  private static Place place(RecordMetadata metadata) {
    return new Place(metadata.topic() + '/' + metadata.partition(), metadata.offset());
  }

  private ProducerRecord<byte[], byte[]> record(String text, @Nullable Integer partition) {
    return new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<Item> itemsOf(RefreshRequest request) {
    Set<Item> items = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < request.size(); i++) {
      items.add(new Item(request.storeId(), request.productId(i)));
    }
    return items;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(Duration.ZERO);
  }
}
