package io.shelfcast.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.ScoreStore;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A server on a real database, with settings that suit tests. */
final class Serving implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  static final Duration CONFIG_REFRESH = Duration.ofMillis(50);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final AvailabilityReader reader;
  final AvailabilityServer server;

  private Serving(ReaderSettings reader, ServerSettings server) {
    this.reader = AvailabilityReader.open(reader, registry);
    this.server = AvailabilityServer.start(server, this.reader, registry);
  }

  static Serving start(ReaderSettings settings) throws Exception {
    Serving serving = starting(settings);
    serving.await("/health/ready", 200);
    return serving;
  }

  static Serving starting(ReaderSettings settings) {
    return new Serving(
        settings,
        new ServerSettings(
            "127.0.0.1",
            0,
            settings.reads().maxConnections(),
            64,
            settings.reads().statementTimeout()));
  }

  static ReaderSettings settings(DatabaseConfig database) {
    return settings(database, null);
  }

  static ReaderSettings settings(DatabaseConfig database, @Nullable RefreshTopic topic) {
    return new ReaderSettings(
        database,
        new DatabaseConfig(
            database.jdbcUrl(), database.user(), database.password(), 4, Duration.ofSeconds(5)),
        new Freshness(
            Set.of("search", "cart"),
            Duration.ofMinutes(30),
            java.util.Map.of("cart", Duration.ofMinutes(1)),
            Duration.ofHours(1)),
        CONFIG_REFRESH,
        Duration.ofMinutes(30),
        topic,
        null,
        0);
  }

  /** The same, of which so many answers are compared with another version's. */
  static ReaderSettings comparing(DatabaseConfig database, double share) {
    ReaderSettings settings = settings(database);
    return new ReaderSettings(
        settings.database(),
        new DatabaseConfig(
            database.jdbcUrl(), database.user(), database.password(), 4, Duration.ofSeconds(1)),
        settings.freshness(),
        settings.configRefresh(),
        settings.tokenTtl(),
        null,
        null,
        share);
  }

  /** Registers a model version as a candidate. */
  static short model(TestDatabase database, String name) {
    return new ModelRegistry(database.database()).register(name, ModelStatus.CANDIDATE).id();
  }

  /** Gives an item a score that is so old. */
  static void score(
      TestDatabase database, short model, long store, long product, double score, Duration age) {
    ScoreBatch.Builder batch = ScoreBatch.builder("test", "m", 1);
    batch.add(1, store, product, score, Micros.of(Instant.now().minus(age)));
    new ScoreStore(database.database())
        .applyRefreshed("test", new TaggedScores(model, batch.build(UUID.randomUUID())));
  }

  HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return post("/v1/availability:batchGet", "application/json", body);
  }

  HttpResponse<String> post(String path, String type, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("content-type", type)
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The answer to a request that has to be answered. */
  JsonNode read(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post(body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until the path answers with the status. */
  void await(String path, int status) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    HttpResponse<String> last = get(path);
    while (last.statusCode() != status) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            path + " stays at " + last.statusCode() + ", not " + status + ": " + last.body());
      }
      Thread.sleep(5);
      last = get(path);
    }
  }

  @Override
  public void close() {
    server.close();
    reader.close();
  }
}
