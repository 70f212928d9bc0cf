package io.shelfcast.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shelfcast.policy.Decision;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of reads. Names and tags are part of the contract with dashboards and alerts;
 * docs/serving.md lists them. Tags have few values: surfaces are configured, and model versions are
 * those that are served.
 */
final class ServingMetrics implements RefreshRequests.Meters {

  /** How a request ended. */
  enum Outcome {
    OK,
    INVALID,
    SHED,
    UNAVAILABLE,
    TIMEOUT,
    ERROR;

    private final String word = name().toLowerCase(Locale.ROOT);
  }

  private record Ended(String protocol, Outcome outcome) {}

  private record Who(@Nullable String surface, String modelVersion) {}

  /** What is counted of the items of one surface and model version. */
  private static final class Items {
    private final Counter served;
    private final Counter late;
    private final Counter stale;
    private final Counter unknown;
    private final Counter inStock;
    private final Counter low;
    private final Counter out;
    private final Counter undecided;

    Items(MeterRegistry registry, String surface, String modelVersion) {
      this.served =
          counter(registry, "shelfcast.items.served", "Items answered.", surface, modelVersion);
      this.late =
          counter(
              registry,
              "shelfcast.items.late",
              "Items answered with a score older than the freshness objective.",
              surface,
              modelVersion);
      this.stale =
          counter(
              registry,
              "shelfcast.items.stale",
              "Items answered with a score older than the surface's maxAge, or with none.",
              surface,
              modelVersion);
      this.unknown =
          counter(
              registry,
              "shelfcast.items.unknown",
              "Items answered without a score.",
              surface,
              modelVersion);
      this.inStock = decided(registry, Decision.IN_STOCK, surface, modelVersion);
      this.low = decided(registry, Decision.LOW, surface, modelVersion);
      this.out = decided(registry, Decision.OUT, surface, modelVersion);
      this.undecided = decided(registry, Decision.UNKNOWN, surface, modelVersion);
    }

    private static Counter decided(
        MeterRegistry registry, Decision decision, String surface, String modelVersion) {
      return Counter.builder("shelfcast.items.decided")
          .description("Items answered, by decision.")
          .tag("surface", surface)
          .tag("model_version", modelVersion)
          .tag("decision", decision.name())
          .register(registry);
    }

    private static Counter counter(
        MeterRegistry registry,
        String name,
        String description,
        String surface,
        String modelVersion) {
      return Counter.builder(name)
          .description(description)
          .tag("surface", surface)
          .tag("model_version", modelVersion)
          .register(registry);
    }
  }

  private final MeterRegistry registry;
  private final Map<Who, Items> items = new ConcurrentHashMap<>();
  private final Map<Ended, Timer> requests = new ConcurrentHashMap<>();
  private final DistributionSummary requestItems;
  private final Timer query;
  private final Counter sent;
  private final Counter suppressed;
  private final Counter dropped;

  ServingMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.requestItems =
        DistributionSummary.builder("shelfcast.request.items")
            .description("Items of a request that was answered.")
            .serviceLevelObjectives(1, 10, 50, 100, 200, 500, 1000)
            .register(registry);
    this.query =
        Timer.builder("shelfcast.query")
            .description("The database's part of a request.")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.sent = refresh("sent", "that the broker has");
    this.suppressed = refresh("suppressed", "that were asked for a short while before");
    this.dropped = refresh("dropped", "that found no room or no broker");
  }

  /** From what a screen does not notice to what no caller waits for. */
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(3),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2)
  };

  private Counter refresh(String what, String description) {
    return Counter.builder("shelfcast.refresh.items." + what)
        .description("Stale items " + description + ".")
        .register(registry);
  }

  /** A request has ended, as whoever sent it sees it, its time in the queue included. */
  void request(String protocol, Outcome outcome, long nanos) {
    requests
        .computeIfAbsent(new Ended(protocol, outcome), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Ended ended) {
    return Timer.builder("shelfcast.requests")
        .description("Requests, from the whole request's arrival to the answer.")
        .tag("protocol", ended.protocol())
        .tag("outcome", ended.outcome().word)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  void query(long nanos) {
    query.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * An answer was made.
   *
   * @param lateBeforeMicros scores made before this time miss the freshness objective
   */
  void answer(ReadAnswer answer, @Nullable String surface, long lateBeforeMicros) {
    int late = 0;
    int stale = 0;
    int inStock = 0;
    int low = 0;
    int out = 0;
    int unknown = 0;
    for (int i = 0; i < answer.size(); i++) {
      if (answer.hasScore(i) && answer.scoredAtMicros(i) < lateBeforeMicros) {
        late++;
      }
      if (answer.isStale(i)) {
        stale++;
      }
      switch (answer.decision(i)) {
        case IN_STOCK -> inStock++;
        case LOW -> low++;
        case OUT -> out++;
        case UNKNOWN -> unknown++;
      }
    }
    requestItems.record(answer.size());
    Items counters =
        items.computeIfAbsent(
            new Who(surface, answer.modelVersion()),
            who ->
                new Items(
                    registry, who.surface() == null ? "none" : who.surface(), who.modelVersion()));
    counters.served.increment(answer.size());
    counters.late.increment(late);
    counters.stale.increment(stale);
    counters.unknown.increment(unknown);
    counters.inStock.increment(inStock);
    counters.low.increment(low);
    counters.out.increment(out);
    counters.undecided.increment(unknown);
  }

  @Override
  public void sent(int count) {
    sent.increment(count);
  }

  @Override
  public void suppressed(int count) {
    suppressed.increment(count);
  }

  @Override
  public void dropped(int count) {
    dropped.increment(count);
  }
}
