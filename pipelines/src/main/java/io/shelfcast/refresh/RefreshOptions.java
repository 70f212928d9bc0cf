package io.shelfcast.refresh;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.run.DatabaseOptions;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** Options of {@link RefreshPipeline}. */
public interface RefreshOptions extends DatabaseOptions, ScoringOptions {

  @Description("Kafka brokers, as HOST:PORT,HOST:PORT.")
  @Validation.Required
  String getBootstrapServers();

  void setBootstrapServers(String value);

  @Description("Topic of the refresh requests.")
  @Default.String(RefreshRequest.TOPIC)
  String getRequestsTopic();

  void setRequestsTopic(String value);

  @Description("Topic of ready-made score rows, of models that push theirs. Default: none is read.")
  @Nullable String getScoresTopic();

  void setScoresTopic(@Nullable String value);

  @Description("Consumer group that the offsets are committed for.")
  @Default.String("shelfcast-refresh")
  String getConsumerGroup();

  void setConsumerGroup(String value);

  @Description("Where to begin when the group has committed nothing yet.")
  @Default.Enum("earliest")
  OffsetReset getAutoOffsetReset();

  void setAutoOffsetReset(OffsetReset value);

  @Description(
      "Further settings of the Kafka consumer, as security.protocol=SASL_SSL,sasl.mechanism=PLAIN."
          + " Those that hold a secret (sasl.jaas.config, ….password) are given by reference:"
          + " env:NAME, file:PATH or projects/P/secrets/S/versions/V.")
  @Nullable List<String> getKafkaConfig();

  void setKafkaConfig(@Nullable List<String> value);

  @Description("Time in which an item is scored once at the most by each model version, ISO 8601.")
  @Default.InstanceFactory(OneMinute.class)
  Duration getMinRefreshInterval();

  void setMinRefreshInterval(Duration value);

  @Description("Longest time that an item waits for others to be scored with, as ISO 8601.")
  @Default.InstanceFactory(FifthOfASecond.class)
  Duration getMaxBatchWait();

  void setMaxBatchWait(Duration value);

  @Description("How far in the future scored_at may be before a score is rejected, as ISO 8601.")
  @Default.InstanceFactory(FiveMinutes.class)
  Duration getMaxFutureSkew();

  void setMaxFutureSkew(Duration value);

  /** PT1M. */
  final class OneMinute implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofMinutes(1);
    }
  }

  /** PT0.2S. */
  final class FifthOfASecond implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofMillis(200);
    }
  }
}
