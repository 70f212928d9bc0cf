package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfcast.policy.Decision;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AvailabilityServerTest {

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static Serving serving;

  @BeforeAll
  static void starts() throws Exception {
    short model = Serving.model(DATABASE, "realtime-v2");
    new ModelRegistry(DATABASE.database()).promote("realtime-v2");
    Serving.score(DATABASE, model, 7, 11, 0.93, Duration.ofSeconds(90));
    Serving.score(DATABASE, model, 7, 12, 0.5, Duration.ofHours(2));
    Serving.score(DATABASE, model, 8, 11, 0.1, Duration.ofSeconds(1));
    serving = Serving.start(Serving.settings(DATABASE.config()));
  }

  @AfterAll
  static void stops() {
    serving.close();
  }

  @Test
  void answersAllItemsInTheOrderAsked() throws Exception {
    JsonNode answer =
        serving.read(
            "{\"store_id\": 7, \"product_ids\": [12, 99, 11], \"user_id\": \"u1\","
                + " \"surface\": \"search\", \"attributes\": {}, \"consistency_token\": null}");

    assertEquals("realtime-v2", answer.get("model_version").asText());
    assertEquals(0, answer.get("policy_version").asInt());
    assertFalse(answer.get("consistency_token").asText().isEmpty());
    JsonNode items = answer.get("items");
    assertEquals(3, items.size());

    assertEquals(12, items.get(0).get("product_id").asLong());
    assertEquals("LOW", items.get(0).get("decision").asText());
    assertTrue(items.get(0).get("stale").asBoolean());
    assertEquals(7200.0, items.get(0).get("age_seconds").asDouble(), 60.0);

    assertEquals(99, items.get(1).get("product_id").asLong());
    assertEquals("UNKNOWN", items.get(1).get("decision").asText());
    assertTrue(items.get(1).get("score").isNull());
    assertTrue(items.get(1).get("scored_at").isNull());
    assertTrue(items.get(1).get("age_seconds").isNull());
    assertTrue(items.get(1).get("stale").asBoolean());

    assertEquals(7, items.get(2).get("store_id").asLong());
    assertEquals("0.93", items.get(2).get("score").asText());
    assertEquals("IN_STOCK", items.get(2).get("decision").asText());
    assertFalse(items.get(2).get("stale").asBoolean());
    Instant scoredAt = Instant.parse(items.get(2).get("scored_at").asText());
    assertEquals(
        90.0,
        Duration.between(scoredAt, Instant.now()).toMillis() / 1e3,
        30.0,
        scoredAt.toString());
  }

  @Test
  void answersItemsOfSeveralStores() throws Exception {
    JsonNode items =
        serving
            .read(
                "{\"items\": [{\"store_id\": 8, \"product_id\": 11},"
                    + " {\"store_id\": 7, \"product_id\": 11}]}")
            .get("items");
    assertEquals("OUT", items.get(0).get("decision").asText());
    assertEquals("IN_STOCK", items.get(1).get("decision").asText());
  }

  @Test
  void whatIsStaleHangsOnTheSurface() throws Exception {
    assertFalse(stale("search"));
    assertTrue(stale("cart"));
  }

  private static boolean stale(String surface) throws Exception {
    return serving
        .read("{\"store_id\":7,\"product_ids\":[11],\"surface\":\"%s\"}".formatted(surface))
        .at("/items/0/stale")
        .asBoolean();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"store_id\":-7,\"product_ids\":[1]} | 400 | #/store_id | ids are 64-bit integers from 0",
        "{\"store_id\":7,\"product_ids\":[1],\"surface\":\"serch\"} | 400 | #/surface"
            + " | send one of cart, search, or none",
        "{\"store_id\":7,\"product_ids\":[1],\"consistency_token\":\"x\"} | 400"
            + " | #/consistency_token | send one from an answer",
        "{\"store_id\":7,\"product_ids\":[1],\"attributes\":{\"hour_band\":\"noon\"}} | 400"
            + " | #/attributes | night, morning, afternoon, evening",
        "{\"store_id\":7, | 400 | '' | not well-formed JSON",
      })
  void aWrongRequestIsToldWhatToChange(String body, int status, String pointer, String words)
      throws Exception {
    problem(serving.post(body), status, pointer, words);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    String spaces = " ".repeat(300 << 10);
    problem(
        serving.post(spaces + "{\"store_id\":7,\"product_ids\":[1]}"),
        413,
        "",
        "ask for fewer items");
  }

  @Test
  void otherPathsMethodsAndTypesAreProblemsToo() throws Exception {
    problem(serving.get("/v1/availability"), 404, "", "/openapi.json");
    problem(serving.get("/v1/availability:batchGet"), 405, "", "takes POST");
    problem(
        serving.post("/v1/availability:batchGet", "text/xml", "<a/>"), 415, "", "application/json");
  }

  private static void problem(
      HttpResponse<String> response, int status, String pointer, String words) throws Exception {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(
        "application/problem+json", response.headers().firstValue("content-type").orElse(""));
    JsonNode problem = Serving.JSON.readTree(response.body());
    assertEquals(status, problem.get("status").asInt());
    assertTrue(problem.get("detail").asText().contains(words), response.body());
    assertEquals(pointer, problem.at("/errors/0/pointer").asText(""));
  }

  @Test
  void saysThatItIsAliveAndReady() throws Exception {
    assertEquals("{\"status\":\"live\"}", serving.get("/health/live").body());
    assertEquals("{\"status\":\"ready\"}", serving.get("/health/ready").body());
  }

  @Test
  void measuresWhatItAnswers() throws Exception {
    serving.read("{\"store_id\":7,\"product_ids\":[11,12,99],\"surface\":\"search\"}");
    String metrics = serving.get("/metrics").body();
    for (String series :
        new String[] {
          "shelfcast_requests_seconds_bucket{outcome=\"ok\",protocol=\"http\",le=\"0.005\"}",
          "shelfcast_items_served_total{model_version=\"realtime-v2\",surface=\"search\"}",
          "shelfcast_items_late_total{model_version=\"realtime-v2\",surface=\"search\"}",
          "shelfcast_items_stale_total{model_version=\"realtime-v2\",surface=\"search\"}",
          "shelfcast_items_decided_total{decision=\"UNKNOWN\",model_version=\"realtime-v2\","
              + "surface=\"search\"}",
          "shelfcast_refresh_items_sent_total",
          "shelfcast_refresh_items_suppressed_total",
          "shelfcast_refresh_items_dropped_total",
          "shelfcast_query_seconds_count",
          "shelfcast_requests_waiting",
          "jvm_memory_used_bytes"
        }) {
      assertTrue(metrics.contains(series), series + " is not in\n" + metrics);
    }
  }

  @Test
  void theLibraryAnswersTheSameWithoutAServer() {
    ReadAnswer answer = serving.reader.read(ReadRequest.ofStore(7, 11, 99).build());
    assertEquals(Decision.IN_STOCK, answer.decision(0));
    assertEquals(0.93f, answer.score(0));
    assertEquals(90.0, answer.ageSeconds(0), 30.0);
    assertFalse(answer.hasScore(1));
    assertEquals(Decision.UNKNOWN, answer.decision(1));
  }
}
