package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.kafka.Topic;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a user has it. */
class ServeCommandTest {

  private static final Pattern LISTENING =
      Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");
  private static final int TOLD_TO_END = 128 + 15;

  @TempDir private static Path home;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void whatIsReadIsAnsweredAndWhatIsStaleIsAskedForUntilItIsToldToEnd() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      DatabaseConfig config =
          new DatabaseConfig(postgres.jdbcUrl(), postgres.user(), null, 2, Duration.ofSeconds(10));
      Migrations.migrate(config);
      ModelRegistry models = new ModelRegistry(Database.shared(config));
      short id = models.register("realtime-v2", ModelStatus.CANDIDATE).id();
      store(postgres, "(%d, 7, 11, 0.93, now(), 1)".formatted(id));
      store(postgres, "(%d, 7, 12, 0.2, now() - interval '1 hour', 1)".formatted(id));

      Command serve = Command.start(home, "serve", "--port=0", "--maxAge=PT1H,search=PT30M");
      try {
        String url = addressOf(serve);
        serve.until(() -> serve.err().contains("no model version is live"));
        HttpResponse<String> refused = get(url + "/health/ready");
        assertEquals(503, refused.statusCode(), refused.body());
        assertTrue(serve.err().contains("models promote NAME"), serve.err());

        models.promote("realtime-v2");
        serve.until(() -> serve.err().contains("live model version: realtime-v2"));
        assertEquals(200, get(url + "/health/ready").statusCode());
        HttpResponse<String> answer =
            post(url, "{\"store_id\": 7, \"product_ids\": [11, 12, 13], \"surface\": \"search\"}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(
            answer
                .body()
                .matches(
                    "\\{\"model_version\":\"realtime-v2\",\"policy_version\":0,.*"
                        + "\"product_id\":11,\"score\":0.93,.*\"stale\":false.*"
                        + "\"product_id\":12,\"score\":0.2,.*\"stale\":true.*"
                        + "\"product_id\":13,.*\"decision\":\"UNKNOWN\"}]}"),
            answer.body());

        serve.until(() -> !requests().isEmpty());
        ConsumerRecord<String, String> request = requests().get(0);
        assertEquals("7", request.key());
        assertTrue(
            request.value().startsWith("{\"store_id\":7,\"product_ids\":[12,13],"),
            request.value());
        assertTrue(serve.err().contains("policy in force: 0, the built-in default"), serve.err());
      } finally {
        serve.signal("TERM");
        Database.closeAll();
      }
      Command.Ended ended = serve.await();
      assertEquals(TOLD_TO_END, ended.exitCode());
      assertEquals("", ended.out());
      assertTrue(ended.err().lines().noneMatch(line -> line.startsWith("\tat ")), ended.err());
    }
  }

  @Test
  void withADatabaseOfTheUsersAndNoBrokersNothingIsAskedForAndItSaysSo() throws Exception {
    // Nothing listens there: reads are refused until something does.
    Command serve =
        Command.start(
            home,
            "serve",
            "--port=0",
            "--logFormat=json",
            "--jdbcUrl=jdbc:postgresql://127.0.0.1:1/shelfcast");
    try {
      String url = addressOf(serve);
      assertEquals(200, get(url + "/health/live").statusCode());
      assertEquals(503, post(url, "{\"store_id\": 7, \"product_ids\": [11]}").statusCode());
      serve.until(() -> serve.err().contains("refreshed"));
      assertTrue(serve.err().contains("stale items are not asked to be refreshed"), serve.err());
      assertTrue(serve.err().lines().allMatch(line -> line.startsWith("{\"time\":")), serve.err());
    } finally {
      serve.signal("TERM");
    }
    assertEquals(TOLD_TO_END, serve.await().exitCode());
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() {
    assertRefused("--maxAge has 'soon'; write PT30M", "--maxAge=soon");
    assertRefused("names the surface 'serch', and --surfaces has only", "--maxAge=serch=PT1M");
    assertRefused("write for example PT0.02S", "--tokenTtl=30");
    assertRefused("--tokenTtl is PT-1S; write a positive duration", "--tokenTtl=-PT1S");
    assertRefused("write one from 0, for a free one, to 65535", "--port=65536");
    assertRefused("'http' is not a whole number: write for example 8", "--port=http");
    assertRefused("--shadowShare is 1.5; write a share of reads from 0 to 1", "--shadowShare=1.5");
    assertRefused("expected one of [text, json]", "--logFormat=xml");
    assertRefused("name it with --jdbcUrl", "--jdbcUser=reader");
    assertRefused("give it by reference", "--kafkaConfig=sasl.jaas.config=secret");
    assertRefused("did you mean --maxAge?", "--maxage=PT1M");
  }

  /** In this process: what is wrong with the options is told before anything is started. */
  private static void assertRefused(String message, String option) {
    StringWriter err = new StringWriter();
    assertEquals(
        Main.BAD_USAGE,
        Main.commandLine().setErr(new PrintWriter(err)).execute("serve", option),
        err.toString());
    assertTrue(err.toString().contains(message), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  private static List<ConsumerRecord<String, String>> requests() throws Exception {
    try (LocalKafka kafka = LocalKafka.open(home)) {
      return Topic.read(kafka.bootstrapServers(), RefreshRequest.TOPIC);
    }
  }

  private static void store(LocalPostgres postgres, String row) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), null);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO availability_score (model_version_id, store_id, product_id, score,"
              + " scored_at, origin) VALUES "
              + row);
    }
  }

  private static String addressOf(Command command) throws Exception {
    command.until(() -> LISTENING.matcher(command.err()).find());
    Matcher listening = LISTENING.matcher(command.err());
    assertTrue(listening.find());
    return listening.group(1);
  }

  private HttpResponse<String> get(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String url, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + "/v1/availability:batchGet"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
