package io.shelfcast.serving;

import java.time.Duration;
import java.util.Map;

/**
 * Where refresh requests of stale items go.
 *
 * @param bootstrapServers Kafka brokers, {@code HOST:PORT}, several with commas
 * @param topic their topic
 * @param settings further ones of the producer; secrets by reference, see {@link
 *     io.shelfcast.store.ClientSettings}
 * @param interval an item that was asked for is not asked for again for so long
 */
public record RefreshTopic(
    String bootstrapServers, String topic, Map<String, String> settings, Duration interval) {

  public static final Duration INTERVAL = Duration.ofMinutes(1);

  public RefreshTopic {
    settings = Map.copyOf(settings);
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "--minRefreshInterval is %s; write a positive duration such as PT1M".formatted(interval));
    }
  }
}
