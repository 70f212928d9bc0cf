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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void aPromotionAmongTenThousandRequestsLeavesEachAnswerWhollyOldOrWhollyNew() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    Set<String> seen =
        amid(
            10_000,
            answered,
            () -> {
              models.promote("new");
              return null;
            });

    assertEquals(Set.of("old 0.2 OUT 0", "new 0.8 IN_STOCK 0"), seen);
    assertEquals("new", one.read(REQUEST + "}").get("model_version").asText());
    assertEquals("new", two.read(REQUEST + "}").get("model_version").asText());
  }

  @Test
  void aPolicyPublishedAmongRequestsDecidesAllItemsOfAnAnswerOrNone() throws Exception {
    Set<String> seen =
        amid(2_000, new AtomicInteger(), () -> publish(new Thresholds(0.1, 0.05), Map.of()));
    assertEquals(Set.of("old 0.2 OUT 0", "old 0.2 IN_STOCK 1"), seen);
  }

  /** Requests to both servers, with something happening after the first third. */
  private Set<String> amid(int requests, AtomicInteger answered, Callable<?> event)
      throws Exception {
    int clients = 8;
    int each = requests / clients;
    ExecutorService threads = Executors.newFixedThreadPool(clients + 1);
    try {
      List<Future<Set<String>>> runs = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        Serving server = client % 2 == 0 ? one : two;
        runs.add(
            threads.submit(
                () -> {
                  Set<String> seen = new HashSet<>();
                  for (int i = 0; i < each; i++) {
                    seen.add(whole(server.read(REQUEST + "}")));
                    answered.incrementAndGet();
                  }
                  return seen;
                }));
      }
      Future<?> done =
          threads.submit(
              () -> {
                while (answered.get() < requests / 3) {
                  Thread.sleep(1);
                }
                return event.call();
              });
      done.get();
      Set<String> seen = new HashSet<>();
      for (Future<Set<String>> run : runs) {
        seen.addAll(run.get());
      }
      assertEquals(requests, answered.get());
      return seen;
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
    return new PolicyStore(database.database())
        .publish(List.of(new ThresholdRule("all", null, segment, thresholds)), "test", null);
  }

  private static void await(Serving server, String whole) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!whole(server.read(REQUEST + "}")).equals(whole)) {
      assertTrue(System.nanoTime() < end, "it does not come to " + whole);
    }
  }
}
