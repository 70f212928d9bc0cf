package io.shelfcast.local;

import io.shelfcast.refresh.RefreshOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The user's topics, looked at before a refresh of them starts. */
final class KafkaTopics {

  private static final int PATIENCE_MILLIS = 10_000;

  private KafkaTopics() {}

  /**
   * Tells at once what an engine would tell after a while, in many words, or not at all.
   *
   * @throws CommandException when the brokers cannot be reached, or have no such topic
   */
  static void check(RefreshOptions options) {
    List<String> settings = options.getKafkaConfig();
    if (settings != null && !settings.isEmpty()) {
      // They may hold references to secrets, which are the consumer's to look up.
      return;
    }
    List<String> topics = new ArrayList<>(List.of(options.getRequestsTopic()));
    String scores = options.getScoresTopic();
    if (scores != null) {
      topics.add(scores);
    }
    String brokers = options.getBootstrapServers();
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS / 2))) {
      admin.describeTopics(topics).allTopicNames().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandException(
          e.getCause() instanceof UnknownTopicOrPartitionException
              ? "%s has not all of the topics %s; create them, or name others with"
                      .formatted(brokers, String.join(", ", topics))
                  + " --requestsTopic and --scoresTopic"
              : "no broker answers at %s within 10 seconds; check --bootstrapServers"
                  .formatted(brokers),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted while looking for " + topics, e);
    }
  }
}
