package io.shelfcast.local;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.quality.RefreshRequestText;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends refresh requests, as search does, and knows what it asked for. */
final class RequestSender implements AutoCloseable {

  private final KafkaProducer<String, String> producer;
  private final Set<String> items = ConcurrentHashMap.newKeySet();
  private final Set<String> rawRecords = ConcurrentHashMap.newKeySet();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  RequestSender(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                // A broker may be away for a while.
                "delivery.timeout.ms",
                120_000),
            new StringSerializer(),
            new StringSerializer());
  }

  /** Of now. */
  void send(long store, long... products) {
    for (long product : products) {
      items.add(store + "|" + product);
    }
    send(
        RefreshRequest.TOPIC,
        String.valueOf(store),
        RefreshRequestText.of(
            RefreshRequest.of(store, products, Micros.of(Instant.now()), "search", null)));
  }

  void sendRaw(String value) {
    sendRaw(RefreshRequest.TOPIC, value);
  }

  void sendRaw(String topic, String value) {
    send(topic, null, value);
  }

  private void send(String topic, String key, String value) {
    sent.incrementAndGet();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, key, value),
            (where, wrong) -> {
              if (wrong != null) {
                failure.set(wrong);
              } else if (key == null) {
                rawRecords.add(where.topic() + '/' + where.partition() + ':' + where.offset());
              }
            });
  }

  /** Until all is sent. */
  void flush() {
    producer.flush();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Where what was sent raw stands, as topic/partition:offset. */
  Set<String> rawRecords() {
    return rawRecords;
  }

  /** How many records. */
  long sent() {
    return sent.get();
  }

  /** Each item that was asked for, as store|product. */
  Set<String> items() {
    return items;
  }

  @Override
  public void close() {
    producer.close();
  }
}
