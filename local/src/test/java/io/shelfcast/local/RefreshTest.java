package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.fullsync.FullSyncOptions;
import io.shelfcast.fullsync.FullSyncPipeline;
import io.shelfcast.local.generate.GenerateCommand;
import io.shelfcast.local.generate.ScoreFunction;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.model.Behaviour;
import io.shelfcast.local.model.ModelScores;
import io.shelfcast.local.model.ModelServer;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.RunStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The refresh whole: Flink, a Kafka broker, PostgreSQL and a model server, all of them real. */
class RefreshTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path home;

  private LocalPostgres postgres;
  private LocalKafka kafka;
  private ModelServer model;
  private RequestSender requests;
  private DatabaseConfig config;

  @BeforeEach
  void start() throws Exception {
    postgres = LocalPostgres.open(home);
    kafka = LocalKafka.open(home);
    kafka.createTopic(RefreshRequest.TOPIC, LocalKafka.PARTITIONS);
    model = ModelServer.start(0, ModelScores.generated(1, Set.of()), Behaviour.PERFECT);
    requests = new RequestSender(kafka.bootstrapServers());
    config = new DatabaseConfig(postgres.jdbcUrl(), postgres.user(), null, 4, PATIENCE);
    Migrations.migrate(config);
    new ModelRegistry(Database.shared(config)).register("m1", ModelStatus.CANDIDATE);
  }

  @AfterEach
  void stop() throws Exception {
    requests.close();
    model.close();
    Database.closeAll();
    kafka.close();
    postgres.close();
  }

  @Test
  void fromARequestToAFreshScoreAndNothingIsReadTwice() throws Exception {
    try (LocalRefresh refresh = refresh()) {
      requests.send(7, 11, 12);
      requests.sendRaw("no request");
      until(() -> query("SELECT product_id FROM current_score").size() == 2);
      until(() -> query("SELECT 1 FROM dead_letter").size() == 1);

      assertThat(
          query("SELECT reason, source LIKE 'availability.refresh-requests/_' FROM dead_letter"),
          contains("request_wrong_shape|t"));
      assertThat(wrongScores(), empty());
      // Asked for and not yet there when it is told to stop.
      for (int store = 0; store < 500; store++) {
        requests.send(store, 100, 101, 102);
      }
      requests.flush();
      until(() -> counter(refresh, "requests_read") > 2);
      assertTrue(refresh.drain(PATIENCE));
    }
    long written = query("SELECT 1 FROM current_score").size();
    long read = committed();

    // What it had read is all written; what it had not, the next one reads.
    assertEquals(2 + (read - 2) * 3, written);
    try (LocalRefresh refresh = refresh()) {
      until(() -> query("SELECT 1 FROM current_score").size() == 2 + 500 * 3);
      assertTrue(refresh.drain(PATIENCE));
    }
    assertEquals(502, committed());
    assertThat(wrongScores(), empty());
  }

  @Test
  void aSickModelLosesNoRequestAndIsNotHammered() throws Exception {
    int qps = 20;
    int callsInFlight = 8;
    try (LocalRefresh refresh =
        refresh(
            "--maxScoringQps=" + qps,
            "--scoringTimeout=PT0.5S",
            "--scoringBatchSize=5",
            "--maxScoringCallsInFlight=" + callsInFlight,
            "--maxBatchWait=PT0.05S")) {
      model.behave(Behaviour.PERFECT.withErrorRate(0.3));
      int store = 0;
      for (; store < 50; store++) {
        requests.send(store, 1, 2, 3, 4, 5);
      }
      untilScored(refresh, 50 * 5);

      // Long enough for some calls to time out, which opens the breaker, and for it to be tried.
      model.behave(Behaviour.PERFECT.withSilence());
      for (; store < 70; store++) {
        requests.send(store, 1, 2, 3, 4, 5);
      }
      Instant silentUntil = Instant.now().plusSeconds(8);
      until(() -> Instant.now().isAfter(silentUntil));

      model.behave(Behaviour.PERFECT.withMaxCallsPerSecond(10));
      for (; store < 90; store++) {
        requests.send(store, 1, 2, 3, 4, 5);
      }
      untilScored(refresh, 90 * 5);
      model.behave(Behaviour.PERFECT);

      Instant sent = Instant.now();
      requests.send(9999, 1);
      until(() -> query("SELECT 1 FROM current_score WHERE store_id = 9999").size() == 1);
      assertThat(Duration.between(sent, Instant.now()), lessThanOrEqualTo(Duration.ofSeconds(5)));

      assertThat(counter(refresh, "scoring_retries"), greaterThan(0L));
      assertThat(counter(refresh, "scoring_breaker_openings"), greaterThan(0L));
      assertEquals(0, query("SELECT 1 FROM dead_letter").size());
      assertEquals(90 * 5 + 1, query("SELECT 1 FROM current_score").size());
      // Ninety calls and more; a permit may be used later than it was given, and then by all
      // threads at once.
      assertThat(model.mostCallsInASecond(), lessThanOrEqualTo(qps + callsInFlight));
    }
  }

  @Test
  void fullSyncsAndRefreshesOfTheSameItemsEndInTheGreatestScores() throws Exception {
    Path files = home.resolve("scores");
    assertEquals(
        0,
        new CommandLine(new GenerateCommand())
            .execute(
                "--stores=50",
                "--itemsPerStore=200",
                "--modelVersion=m1",
                "--seed=9",
                "--scoredAt=" + Instant.now().minusSeconds(3600).truncatedTo(ChronoUnit.SECONDS),
                "--output=" + files));
    fullSync(files, "merge");
    Map<String, String> synced = rows();
    List<String> items = new ArrayList<>(synced.keySet());
    AtomicBoolean over = new AtomicBoolean();
    try (LocalRefresh refresh = refresh("--minRefreshInterval=PT0S")) {
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; !over.get(); i++) {
                  String[] item = items.get(i * 7 % items.size() / 2).split("\\|", -1);
                  requests.send(Long.parseLong(item[0]), Long.parseLong(item[1]));
                  // A load, and not a flood.
                  LockSupport.parkNanos(500_000);
                }
              });
      sender.start();
      until(() -> counter(refresh, "scores_updated") > 100);
      fullSync(files, "merge");
      fullSync(files, "snapshot");
      fullSync(files, "snapshot");
      over.set(true);
      sender.join();
      requests.flush();
      until(() -> committed() == requests.sent());
      assertTrue(refresh.drain(PATIENCE));
    }
    // Each is the file's, or one that the model gave later, and those that were asked for are the
    // model's: the file never wins over a newer one, and no newer one is lost by a swap.
    assertThat(wrongScores("origin = 2"), empty());
    Map<String, String> now = rows();
    assertEquals(synced.keySet(), now.keySet());
    Set<String> asked = requests.items();
    assertThat(asked.size(), greaterThan(1000));
    Set<String> refreshed = new TreeSet<>(items);
    refreshed.removeIf(item -> now.get(item).equals(synced.get(item)));
    Set<String> notRefreshed = new TreeSet<>(asked);
    notRefreshed.removeAll(refreshed);
    refreshed.removeAll(asked);
    assertThat("asked for and not refreshed", notRefreshed, empty());
    assertThat("refreshed and not asked for", refreshed, empty());
  }

  @Test
  void scoresThatModelsPushGoTheSameWay() throws Exception {
    kafka.createTopic("scores", 2);
    try (LocalRefresh refresh = refresh("--scoresTopic=scores")) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      String row =
          "{\"store_id\": %d, \"product_id\": 1, \"model_version\": \"%s\", \"score\": %s,"
              + " \"scored_at\": \"%s\"}";
      requests.sendRaw("scores", row.formatted(1, "m1", 0.25, now));
      requests.sendRaw("scores", row.formatted(2, "m1", 1.25, now));
      requests.sendRaw("scores", row.formatted(3, "unknown", 0.25, now));
      requests.sendRaw("scores", row.formatted(4, "m1", 0.25, now.plusSeconds(3600)));
      requests.sendRaw("scores", "scores!");
      until(() -> query("SELECT 1 FROM dead_letter").size() == 4);
      until(() -> query("SELECT 1 FROM current_score").size() == 1);
      assertTrue(refresh.drain(PATIENCE));
    }
    assertThat(
        query("SELECT store_id, score, origin FROM availability_score"), contains("1|0.25|2"));
    assertThat(
        query(
            "SELECT reason, kind, source LIKE 'scores/_', position >= 0 FROM dead_letter ORDER BY 1"),
        contains(
            "model_version_unknown|score_row|t|t",
            "row_wrong_shape|score_row|t|t",
            "score_out_of_range|score_row|t|t",
            "scored_at_in_future|score_row|t|t"));
  }

  @Test
  void aVersionThatIsPromotedWhileItRunsIsRefreshedFromThenOn() throws Exception {
    ModelRegistry registry = new ModelRegistry(Database.shared(config));
    try (LocalRefresh refresh = refresh("--minRefreshInterval=PT0S")) {
      requests.send(1, 1);
      until(() -> query("SELECT 1 FROM current_score").size() == 1);
      registry.register("m2", ModelStatus.SHADOW);
      registry.promote("m2");
      until(
          () -> {
            requests.send(1, 1);
            return query("SELECT 1 FROM current_score WHERE model_version = 'm2'").size() == 1;
          });
      assertTrue(refresh.drain(PATIENCE));
    }
  }

  private LocalRefresh refresh(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--jdbcUrl=" + config.jdbcUrl(),
                "--jdbcUser=" + config.user(),
                "--bootstrapServers=" + kafka.bootstrapServers(),
                "--scoringUrl=" + model.url()));
    arguments.addAll(List.of(options));
    return LocalRefresh.start(home, arguments, "test", RunListener.SILENT);
  }

  private void fullSync(Path files, String writeMode) {
    RunResult result =
        FullSyncPipeline.run(
            PipelineOptionsFactory.fromArgs(
                    "--runner=DirectRunner",
                    "--jdbcUrl=" + config.jdbcUrl(),
                    "--jdbcUser=" + config.user(),
                    "--input=" + files + "/*.parquet",
                    "--modelVersion=m1",
                    "--writeMode=" + writeMode)
                .as(FullSyncOptions.class),
            RunListener.SILENT);
    assertEquals(RunStatus.SUCCEEDED, result.summary().status(), result.summary().toString());
  }

  private Map<String, String> rows() throws Exception {
    Map<String, String> rows = new HashMap<>();
    for (String row :
        query("SELECT store_id, product_id, scored_at::text || ' ' || score FROM current_score")) {
      int bar = row.lastIndexOf('|');
      rows.put(row.substring(0, bar), row.substring(bar + 1));
    }
    return rows;
  }

  private List<String> wrongScores() throws Exception {
    return wrongScores("true");
  }

  /** Rows whose score is not the model's of the minute in which it says that it was made. */
  private List<String> wrongScores(String where) throws Exception {
    List<String> wrong = new ArrayList<>();
    Map<Instant, ScoreFunction> functions = new HashMap<>();
    for (String row :
        query(
            "SELECT store_id, product_id, score, to_char(scored_at AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:00\"Z\"') FROM availability_score WHERE "
                + where)) {
      String[] values = row.split("\\|", -1);
      ScoreFunction function =
          functions.computeIfAbsent(
              OffsetDateTime.parse(values[3]).toInstant(),
              minute -> ScoreFunction.of(1, "m1", minute));
      float score = (float) function.score(Long.parseLong(values[0]), Long.parseLong(values[1]));
      if (score != Float.parseFloat(values[2])) {
        wrong.add(row + " and not " + score);
      }
    }
    return wrong;
  }

  /** How many records the group has committed as read. */
  private long committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets("shelfcast-refresh").partitionsToOffsetAndMetadata().get();
      return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }
  }

  private void untilScored(LocalRefresh refresh, int items) throws Exception {
    requests.flush();
    until(() -> query("SELECT 1 FROM current_score").size() >= items);
    assertThat(counter(refresh, "items_scored"), greaterThan(0L));
  }

  private static long counter(LocalRefresh refresh, String name) {
    return refresh.counters().getOrDefault(name, 0L);
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("it never came to that");
      }
      Thread.sleep(20);
    }
  }

  private List<String> query(String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(config.jdbcUrl(), config.user(), null);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        StringBuilder row = new StringBuilder(rows.getString(1));
        for (int i = 2; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append('|').append(rows.getString(i));
        }
        found.add(row.toString());
      }
      return found;
    }
  }
}
