package io.shelfcast.local;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.generate.GenerateCommand;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.quality.RefreshRequestText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends one refresh request, as search would. */
@Command(
    name = "request",
    description =
        "Send one refresh request: the items are to be scored anew, by refresh when it runs.")
final class RequestCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern BROKERS = Pattern.compile("[^\\s,]+:\\d{1,5}(,[^\\s,]+:\\d{1,5})*");

  @Option(
      names = "--store",
      paramLabel = "ID",
      required = true,
      converter = ItemId.class,
      description = "The store that the items are in.")
  private long store;

  @Option(
      names = "--products",
      paramLabel = "ID",
      required = true,
      split = ",",
      converter = ItemId.class,
      description = "The items' products, as in 11,12.")
  private List<Long> products = List.of();

  @Option(
      names = "--source",
      paramLabel = "NAME",
      defaultValue = "command-line",
      description = "Who asks for it (default: ${DEFAULT-VALUE}).")
  private String source = "";

  @Option(
      names = "--requestedAt",
      paramLabel = "T",
      converter = GenerateCommand.IsoInstant.class,
      description = "When it was asked for, for example 2024-06-08T06:00:00Z. Default: now.")
  private @Nullable Instant requestedAt;

  @Option(
      names = "--bootstrapServers",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers to send it to. Default: the embedded one.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = RefreshRequest.TOPIC,
      description = "Topic to send it to (default: ${DEFAULT-VALUE}).")
  private String topic = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  @SuppressWarnings("try") // The task is held, not used.
  public Integer call() throws IOException, InterruptedException {
    RecordMetadata where;
    if (bootstrapServers != null) {
      checkBrokers(bootstrapServers);
      where = send(bootstrapServers);
    } else {
      // What was sent stays, whoever runs the broker.
      try (LocalKafka kafka = LocalKafka.open(ServingDatabase.home());
          Cleanup.Task onExit = Cleanup.onExit(kafka::close)) {
        kafka.createTopic(topic, LocalKafka.PARTITIONS);
        where = send(kafka.bootstrapServers());
      }
    }
    spec.commandLine()
        .getErr()
        .println(
            "request: %d %s of store %d sent to %s, partition %d, offset %d"
                .formatted(
                    products.size(),
                    products.size() == 1 ? "item" : "items",
                    store,
                    where.topic(),
                    where.partition(),
                    where.offset()));
    return 0;
  }

  private void checkBrokers(String brokers) {
    if (!BROKERS.matcher(brokers).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--bootstrapServers is '%s'; write HOST:PORT, several with commas between them"
              .formatted(brokers));
    }
  }

  private RecordMetadata send(String brokers) throws IOException, InterruptedException {
    // The key keeps the requests of a store in their order.
    ProducerRecord<String, String> request =
        new ProducerRecord<>(topic, String.valueOf(store), value());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings(brokers), new StringSerializer(), new StringSerializer())) {
      return producer.send(request).get();
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new CommandException(
          "cannot send to %s at %s (is a broker there, and has it that topic?): %s"
              .formatted(topic, brokers, cause.getMessage()),
          e);
    }
  }

  private static Map<String, Object> settings(String brokers) {
    int millis = Math.toIntExact(PATIENCE.toMillis());
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
        ProducerConfig.ACKS_CONFIG, "all",
        ProducerConfig.MAX_BLOCK_MS_CONFIG, millis,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis / 3,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
  }

  private String value() {
    Instant time = requestedAt == null ? Instant.now() : requestedAt;
    return RefreshRequestText.of(
        RefreshRequest.of(
            store,
            products.stream().mapToLong(Long::longValue).toArray(),
            Micros.of(time),
            source,
            null));
  }
}
