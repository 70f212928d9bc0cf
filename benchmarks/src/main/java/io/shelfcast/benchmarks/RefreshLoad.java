package io.shelfcast.benchmarks;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.quality.RefreshRequestText;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends requests of items that nobody has asked for yet, of a thousand stores in turn. */
final class RefreshLoad implements AutoCloseable {

  private static final int STORES = 1000;

  private final KafkaProducer<String, String> producer;
  private final int itemsPerRequest;
  private long sent;

  RefreshLoad(String bootstrapServers, int itemsPerRequest) {
    this.itemsPerRequest = itemsPerRequest;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new StringSerializer(),
            new StringSerializer());
  }

  /** One request, of so many items; returns the store and the last of its products. */
  long[] send() {
    long store = sent % STORES;
    long first = sent / STORES * itemsPerRequest;
    sent++;
    long[] products = new long[itemsPerRequest];
    for (int i = 0; i < itemsPerRequest; i++) {
      products[i] = first + i;
    }
    String request =
        RefreshRequestText.of(
            RefreshRequest.of(store, products, Micros.of(Instant.now()), "benchmark", null));
    // What is not sent is missed at the end, when all of it is waited for.
    Future<RecordMetadata> unused =
        producer.send(new ProducerRecord<>(RefreshRequest.TOPIC, String.valueOf(store), request));
    return new long[] {store, products[itemsPerRequest - 1]};
  }

  /** As many, at a steady rate; 0: as fast as they are taken. */
  void send(long requests, double perSecond) {
    long start = System.nanoTime();
    for (long i = 0; i < requests; i++) {
      if (perSecond > 0) {
        long early = start + (long) (i / perSecond * 1e9) - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
        }
      }
      send();
    }
    producer.flush();
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
