package io.shelfcast.serving;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.store.ClientSettings;
import io.shelfcast.store.OnceInAWhile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refresh requests to a Kafka topic. A request that is lost is made again when the item is next
 * read, so it is sent with little patience. For one thread.
 */
final class KafkaRefreshChannel implements RefreshRequests.Channel {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaRefreshChannel.class);

  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(1);
  private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  private final Map<String, Object> settings;
  private final String topic;
  private @Nullable KafkaProducer<String, String> producer;
  private final OnceInAWhile telling = new OnceInAWhile(TOLD_EVERY);

  /**
   * A channel; it connects when there is something to send.
   *
   * @param settings of the producer beside the brokers, those of a secured cluster, say; secrets by
   *     reference
   */
  KafkaRefreshChannel(String bootstrapServers, String topic, Map<String, String> settings) {
    this.topic = topic;
    this.settings = new HashMap<>();
    this.settings.put(ProducerConfig.CLIENT_ID_CONFIG, "shelfcast-serving");
    this.settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    this.settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
    this.settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ROOM_PATIENCE.toMillis());
    this.settings.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY_PATIENCE.toMillis() / 2);
    this.settings.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_PATIENCE.toMillis());
    this.settings.putAll(settings);
    this.settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
  }

  @Override
  public void send(RefreshRequest request, RefreshRequests.Sent sent) {
    try {
      if (producer == null) {
        // Fails where no broker's name can be resolved, which may change.
        producer =
            new KafkaProducer<>(
                ClientSettings.resolved(settings), new StringSerializer(), new StringSerializer());
      }
      // The key keeps the requests of a store together, and in their order.
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic, String.valueOf(request.storeId()), RefreshRequestText.of(request)),
              (where, failure) -> {
                tell(failure);
                sent.done(failure == null);
              });
    } catch (KafkaException e) {
      tell(e);
      sent.done(false);
    }
  }

  /** Once in a while: an outage would else fill the log. */
  private void tell(@Nullable Exception failure) {
    if (failure != null && telling.isDue()) {
      LOG.warn(
          "refresh requests cannot be sent to topic {}; reads go on without: {}",
          topic,
          failure.getMessage());
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE_PATIENCE);
    }
  }
}
