package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 7 with two servers on one database. The old model's scores are all 0.2 and the new
 * one's all 0.8, so that an answer of both would show.
 */
@Timeout(120)
class ConsistencyTest {

  private static final int ITEMS = 20;
  private static final String REQUEST =
      IntStream.range(0, ITEMS)
          .mapToObj(String::valueOf)
          .collect(Collectors.joining(",", "{\"store_id\":7,\"product_ids\":[", "]"));

  private final TestDatabase database = TestDatabase.create();
  private final ModelRegistry models = new ModelRegistry(database.database());
  private Serving one;
  private Serving two;

  @BeforeEach
  void starts() throws Exception {
    fill(Serving.model(database, "old"), 0.2);
    fill(Serving.model(database, "new"), 0.8);
    models.promote("old");
    one = Serving.start(Serving.settings(database.config()));
    two = Serving.start(Serving.settings(database.config()));
  }

  private void fill(short model, double score) {
    database.execute(
        """
        INSERT INTO availability_score
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT %d, 7, p, %s, now(), 1 FROM generate_series(0, %d) p"""
            .formatted(model, score, ITEMS - 1));
  }

  @AfterEach
  void stops() {
    // Each takes two seconds for its sockets.
    CompletableFuture.allOf(
            CompletableFuture.runAsync(one::close), CompletableFuture.runAsync(two::close))
        .join();
  }

  /**
   * Each model version's scores go from 0 to 1 here, and each policy's thresholds are others, so
   * that the scores of an answer are those of one version only, and its decisions those of one
   * policy.
   */
  @Test
  void anAnswerIsWhollyOfOneVersionAndOnePolicyWhateverIsPromotedAndPublishedAmongTenThousand()
      throws Exception {
    Map<String, Double> lowest = Map.of("old", 0.0, "new", 0.025);
    lowest.forEach(
        (name, score) ->
            database.execute(
                """
                UPDATE availability_score SET score = %s + product_id / %d.0
                WHERE model_version_id = %d"""
                    .formatted(score, ITEMS, models.get(name).id())));
    List<Thresholds> policies = new ArrayList<>();
    policies.add(Thresholds.DEFAULT);
    for (int i = 0; i < 8; i++) {
      policies.add(new Thresholds(0.9 - i / 20.0, 0.1 + i / 20.0));
    }
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger answered = new AtomicInteger();
    amid(
        10_000,
        answered,
        answer -> {
          String model = answer.get("model_version").asText();
          int policy = answer.get("policy_version").asInt();
          for (JsonNode item : answer.get("items")) {
            float score = (float) (lowest.get(model) + item.get("product_id").asInt() / 20.0);
            assertEquals(score, (float) item.get("score").asDouble(), answer.toString());
            assertEquals(
                policies.get(policy).decide(score).name(),
                item.get("decision").asText(),
                answer.toString());
          }
          assertEquals(ITEMS, answer.get("items").size());
          seen.add(model);
          seen.add("policy " + policy);
        },
        () -> {
          for (int version = 1; version < policies.size(); version++) {
            publish(policies.get(version), Map.of());
            if (version == policies.size() / 2) {
              models.promote("new");
            }
            // Both look every 50 ms: most policies are to decide some answers of both.
            int next = answered.get() + 600;
            while (answered.get() < Math.min(next, 9_500)) {
              Thread.sleep(1);
            }
          }
          return null;
        });

    assertTrue(seen.containsAll(Set.of("old", "new", "policy 0", "policy 8")), "" + seen);
    assertTrue(seen.size() > 5, "" + seen);
    for (Serving server : List.of(one, two)) {
      JsonNode last = server.read(REQUEST + "}");
      assertEquals("new", last.get("model_version").asText());
      assertEquals(8, last.get("policy_version").asInt());
    }
  }

  /** Requests to both servers, with something happening from the first fifth on. */
  private void amid(
      int requests, AtomicInteger answered, Consumer<JsonNode> check, Callable<?> event)
      throws Exception {
    int clients = 8;
    int each = requests / clients;
    ExecutorService threads = Executors.newFixedThreadPool(clients + 1);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        Serving server = client % 2 == 0 ? one : two;
        runs.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    check.accept(server.read(REQUEST + "}"));
                    answered.incrementAndGet();
                  }
                  return null;
                }));
      }
      Future<?> done =
          threads.submit(
              () -> {
                while (answered.get() < requests / 5) {
                  Thread.sleep(1);
                }
                return event.call();
              });
      for (Future<?> run : runs) {
        run.get();
      }
      done.get();
      assertEquals(requests, answered.get());
    } finally {
      threads.shutdownNow();
    }
  }

  /** What all items of an answer have in common; it is an error if they have not. */
  private static String whole(JsonNode answer) {
    Set<String> kinds = new HashSet<>();
    for (JsonNode item : answer.get("items")) {
      kinds.add(item.get("score").asText() + " " + item.get("decision").asText());
    }
    assertEquals(1, kinds.size(), answer.toString());
    assertEquals(ITEMS, answer.get("items").size());
    return answer.get("model_version").asText()
        + " "
        + kinds.iterator().next()
        + " "
        + answer.get("policy_version").asInt();
  }

  @Test
  void aTokenKeepsModelAndPolicyOnEitherServerWhileBothChange() throws Exception {
    String token = one.read(REQUEST + "}").get("consistency_token").asText();
    models.promote("new");
    publish(new Thresholds(0.9, 0.85), Map.of());
    await(one, "new 0.8 OUT 1");
    await(two, "new 0.8 OUT 1");

    String next = REQUEST + ",\"consistency_token\":\"" + token + "\"}";
    assertEquals("old 0.2 OUT 0", whole(one.read(next)));
    assertEquals("old 0.2 OUT 0", whole(two.read(next)));
    assertEquals(token, two.read(next).get("consistency_token").asText());
  }

  @Test
  void aTokenOfAServerThatHasSeenAChangeIsGoodForOneThatHasNot() throws Exception {
    stops();
    ReaderSettings settings = Serving.settings(database.config());
    one = Serving.start(settings);
    two =
        Serving.start(
            new ReaderSettings(
                settings.database(),
                settings.reads(),
                settings.freshness(),
                Duration.ofHours(1),
                settings.tokenTtl(),
                null,
                null,
                0));
    publish(new Thresholds(0.1, 0.05), Map.of());
    await(one, "old 0.2 IN_STOCK 1");
    String token = one.read(REQUEST + "}").get("consistency_token").asText();

    assertEquals(
        "old 0.2 IN_STOCK 1",
        whole(two.read(REQUEST + ",\"consistency_token\":\"" + token + "\"}")));
  }

  @Test
  void aTokenOfARetiredVersionGivesTheLiveOneAndANewToken() throws Exception {
    String token = one.read(REQUEST + "}").get("consistency_token").asText();
    models.promote("new");
    models.retire("old", Duration.ofDays(7));
    String next = REQUEST + ",\"consistency_token\":\"" + token + "\"}";
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!whole(one.read(next)).equals("new 0.8 IN_STOCK 0")) {
      assertTrue(System.nanoTime() < end, "the retired version still answers");
    }
    assertNotEquals(token, one.read(next).get("consistency_token").asText());
  }

  @Test
  void anExpiredTokenIsAsGoodAsNone() throws Exception {
    ConsistencyToken token =
        ConsistencyToken.parse(
            one.read(REQUEST + "}").get("consistency_token").asText(), java.time.Instant.now());
    String old =
        new ConsistencyToken(
                token.modelVersionId(),
                token.policyVersion(),
                token.issuedAt().minus(Duration.ofMinutes(31)))
            .text();
    models.promote("new");
    await(one, "new 0.8 IN_STOCK 0");

    JsonNode answer = one.read(REQUEST + ",\"consistency_token\":\"" + old + "\"}");
    assertEquals("new 0.8 IN_STOCK 0", whole(answer));
    assertNotEquals(old, answer.get("consistency_token").asText());
  }

  @Test
  void segmentsLoadedLaterDecideFromThenOn() throws Exception {
    publish(new Thresholds(0.1, 0.05), Map.of(SegmentAttribute.CITY, Set.of("berlin")));
    await(one, "old 0.2 OUT 1");
    new SegmentStore(database.database())
        .replace(
            new SegmentTable.Builder<>(StoreAttributes.UNKNOWN)
                .add(7, new StoreAttributes("berlin", null, null, null))
                .build(),
            null);
    await(one, "old 0.2 IN_STOCK 1");
    assertEquals(
        "old 0.2 OUT 1", whole(one.read(REQUEST + ",\"attributes\":{\"city\":\"rome\"}}")));
  }

  @Test
  void aLoadOfSegmentsThatTakesLongDoesNotHoldUpAPromotion() throws Exception {
    try (Connection other = database.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE product_segment IN ACCESS EXCLUSIVE MODE");
      database.execute("UPDATE segment_load SET version = version + 1 WHERE kind = 'products'");
      while (database
          .query(
              "SELECT FROM pg_locks WHERE NOT granted AND relation = 'product_segment'::regclass")
          .isEmpty()) {
        Thread.sleep(5); // Bounded by the class's own time limit.
      }
      models.promote("new");
      await(one, "new 0.8 IN_STOCK 0");
    }
  }

  private Object publish(Thresholds thresholds, Map<SegmentAttribute, Set<String>> segment) {
    PolicyStore policies = new PolicyStore(database.database());
    List<ThresholdRule> rules = new ArrayList<>();
    rules.add(new ThresholdRule("these", null, segment, thresholds));
    if (!segment.isEmpty()) {
      rules.add(new ThresholdRule("all others", null, Map.of(), Thresholds.DEFAULT));
    }
    return policies.publish(
        new Publication(rules, policies.inForce().version(), "test", null, null, null));
  }

  private static void await(Serving server, String whole) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!whole(server.read(REQUEST + "}")).equals(whole)) {
      assertTrue(System.nanoTime() < end, "it does not come to " + whole);
    }
  }
}
