package io.shelfcast.refresh;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.scoring.ScoringConfig;
import io.shelfcast.store.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** What is to be scored; how to reach the scoring API, and how hard it may be pressed. */
public interface ScoringOptions extends PipelineOptions {

  @Description("Greatest number of products of one request; one with more becomes a dead letter.")
  @Default.Integer(1000)
  int getMaxProductsPerRequest();

  void setMaxProductsPerRequest(int value);

  @Description("Statuses of the model versions that are refreshed: live, candidate, shadow.")
  @Default.InstanceFactory(LiveAndCandidate.class)
  List<String> getRefreshStatuses();

  void setRefreshStatuses(List<String> value);

  @Description("Scoring API (Open Inference Protocol, version 2), http(s)://HOST[:PORT][/PREFIX].")
  @Nullable String getScoringUrl();

  void setScoringUrl(@Nullable String value);

  @Description(
      "Where the scoring API's bearer token is: env:NAME, file:PATH or"
          + " projects/P/secrets/S/versions/V. Resolved on the worker, never stored.")
  @Nullable String getScoringToken();

  void setScoringToken(@Nullable String value);

  @Description("Greatest number of items of one scoring call.")
  @Default.Integer(500)
  int getScoringBatchSize();

  void setScoringBatchSize(int value);

  @Description("Greatest number of scoring calls in flight, of one worker.")
  @Default.Integer(8)
  int getMaxScoringCallsInFlight();

  void setMaxScoringCallsInFlight(int value);

  @Description("Greatest number of scoring calls a second, retries included, of one worker.")
  @Default.Double(200)
  double getMaxScoringQps();

  void setMaxScoringQps(double value);

  @Description("Longest time that one scoring call may take, as ISO 8601.")
  @Default.InstanceFactory(FiveSeconds.class)
  Duration getScoringTimeout();

  void setScoringTimeout(Duration value);

  @Description("How many times a scoring call is tried again.")
  @Default.Integer(20)
  int getMaxScoringRetries();

  void setMaxScoringRetries(int value);

  @Description(
      "How long a scoring call is tried again before its items become dead letters, as ISO 8601.")
  @Default.InstanceFactory(TwoMinutes.class)
  Duration getMaxScoringRetryTime();

  void setMaxScoringRetryTime(Duration value);

  /**
   * The settings that these options name.
   *
   * @throws IllegalArgumentException saying which option to change
   */
  static ScoringConfig scoringOf(ScoringOptions options) {
    String url = options.getScoringUrl();
    if (url == null) {
      throw new IllegalArgumentException(
          "--scoringUrl is missing; write the address of the scoring API, as"
              + " --scoringUrl=https://scoring.example.com:8080");
    }
    if (options.getScoringBatchSize() < 1 || options.getScoringBatchSize() > 10_000) {
      throw new IllegalArgumentException(
          "--scoringBatchSize is %d; it has to be from 1 to 10000"
              .formatted(options.getScoringBatchSize()));
    }
    if (options.getMaxProductsPerRequest() < 1) {
      throw new IllegalArgumentException(
          "--maxProductsPerRequest is %d; it has to be at least 1"
              .formatted(options.getMaxProductsPerRequest()));
    }
    String token = options.getScoringToken();
    return new ScoringConfig(
        url,
        token == null ? null : SecretRef.parse(token),
        options.getMaxScoringCallsInFlight(),
        options.getMaxScoringQps(),
        options.getScoringTimeout(),
        options.getMaxScoringRetries(),
        options.getMaxScoringRetryTime());
  }

  /**
   * The statuses of the model versions that are kept fresh.
   *
   * @throws IllegalArgumentException when one is none that can be
   */
  static List<ModelStatus> statusesOf(ScoringOptions options) {
    List<ModelStatus> statuses = new ArrayList<>();
    for (String word : options.getRefreshStatuses()) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "live" -> statuses.add(ModelStatus.LIVE);
        case "candidate" -> statuses.add(ModelStatus.CANDIDATE);
        case "shadow" -> statuses.add(ModelStatus.SHADOW);
        default ->
            throw new IllegalArgumentException(
                "--refreshStatuses has '%s'; write some of live, candidate, shadow"
                    .formatted(word));
      }
    }
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException(
          "--refreshStatuses is empty; write some of live, candidate, shadow");
    }
    return List.copyOf(statuses);
  }

  /** live, candidate. */
  final class LiveAndCandidate implements DefaultValueFactory<List<String>> {
    @Override
    public List<String> create(PipelineOptions options) {
      return List.of("live", "candidate");
    }
  }

  /** PT5S. */
  final class FiveSeconds implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofSeconds(5);
    }
  }

  /** PT2M. */
  final class TwoMinutes implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofMinutes(2);
    }
  }
}
