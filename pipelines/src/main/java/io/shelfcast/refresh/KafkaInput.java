package io.shelfcast.refresh;

import io.shelfcast.store.ClientSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How topics are read: by {@link KafkaIO}, which commits a record's offset for the group when the
 * runner has made durable what became of the record, and never by the consumer on its own.
 */
final class KafkaInput {

  /** What has an option of its own, or is not the user's to set. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "it is --bootstrapServers",
          ConsumerConfig.GROUP_ID_CONFIG, "it is --consumerGroup",
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "it is --autoOffsetReset",
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "keys are taken as bytes",
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "values are taken as bytes");

  private final String bootstrapServers;
  private final Map<String, Object> config;

  private KafkaInput(String bootstrapServers, Map<String, Object> config) {
    this.bootstrapServers = bootstrapServers;
    this.config = config;
  }

  /**
   * The input that the options name.
   *
   * @throws IllegalArgumentException when a setting cannot be taken, saying why
   */
  static KafkaInput of(RefreshOptions options) {
    List<String> settings = options.getKafkaConfig();
    Map<String, String> given =
        ClientSettings.parse("--kafkaConfig", settings == null ? List.of() : settings);
    given.forEach(KafkaInput::check);
    Map<String, Object> config = new HashMap<>(given);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, options.getConsumerGroup());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, options.getAutoOffsetReset().name());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaInput(options.getBootstrapServers(), config);
  }

  private static void check(String name, String value) {
    String why = ELSEWHERE.get(name);
    if (why != null) {
      throw new IllegalArgumentException("--kafkaConfig sets %s; %s".formatted(name, why));
    }
    if (name.equals(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG) && !value.equals("false")) {
      throw new IllegalArgumentException(
          "--kafkaConfig sets enable.auto.commit to '%s'; leave it out: an offset is committed when"
                  .formatted(value)
              + " its scores are durable, and the consumer would commit it before");
    }
  }

  /** Reads a topic, from the offsets that the group has committed on. */
  KafkaIO.Read<byte[], byte[]> topic(String name) {
    return KafkaIO.<byte[], byte[]>read()
        .withBootstrapServers(bootstrapServers)
        .withTopic(name)
        .withKeyDeserializer(ByteArrayDeserializer.class)
        .withValueDeserializer(ByteArrayDeserializer.class)
        .withConsumerConfigUpdates(config)
        .withConsumerFactoryFn(new ConsumerFactory())
        .commitOffsetsInFinalize();
  }

  /** Makes consumers where they run, with the secrets that the settings only refer to. */
  private static final class ConsumerFactory
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> settings) {
      return new KafkaConsumer<>(ClientSettings.resolved(settings));
    }
  }
}
