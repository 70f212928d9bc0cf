package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.serving.AvailabilityReader;
import io.shelfcast.serving.Freshness;
import io.shelfcast.serving.NotReadyException;
import io.shelfcast.serving.ReadRequest;
import io.shelfcast.serving.ReaderSettings;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From reads to the promotion, in this process. */
@Timeout(60)
class CompareCommandTest {

  private static final int ITEMS = 300;

  private final TestDatabase test = TestDatabase.create();

  /** Of 300 items the candidate flips the 60 of the dairy that the live version shows. */
  private void fill() {
    short live = registry().register("v1", ModelStatus.SHADOW).id();
    short next = registry().register("v2", ModelStatus.SHADOW).id();
    registry().promote("v1");
    SegmentTable.Builder<ProductAttributes> products =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    LongStream.range(0, ITEMS)
        .forEach(p -> products.add(p, new ProductAttributes(p < 120 ? "dairy" : "bakery", null)));
    new SegmentStore(test.database()).replace(null, products.build());
    insert(live, "CASE WHEN p % 2 = 0 THEN 0.9 ELSE 0.1 END", "p <> 299");
    insert(next, "CASE WHEN p % 2 = 0 AND p >= 120 THEN 0.9 ELSE 0.1 END", "p < 298");
  }

  private void insert(short model, String score, String where) {
    test.execute(
        """
        INSERT INTO availability_score
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT %d, 7, p, %s, now(), 1 FROM generate_series(0, %d) p WHERE %s"""
            .formatted(model, score, ITEMS - 1, where));
  }

  /** So many reads of all items, each of them compared. */
  private void read(int times) throws InterruptedException {
    ReaderSettings settings =
        new ReaderSettings(
            test.config(),
            test.config(),
            Freshness.DEFAULT,
            Duration.ofMillis(50),
            ReaderSettings.TOKEN_TTL,
            null,
            null,
            1);
    ReadRequest request = ReadRequest.ofStore(7, LongStream.range(0, ITEMS).toArray()).build();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    try (AvailabilityReader reader = AvailabilityReader.open(settings, meters)) {
      int read = 0;
      while (meters.get("shelfcast.shadow.reads").counter().count() < times) {
        assertTrue(System.nanoTime() < end, "they are not compared");
        try {
          if (read < times) {
            reader.read(request);
            read++;
          }
        } catch (NotReadyException e) {
          Thread.sleep(5);
        }
      }
    }
  }

  @Test
  void whatReadsWouldHaveBeenAnsweredIsToldAndPutOnRecordForThePromotion() throws Exception {
    fill();
    Command.Ended nothing = run(1, "compare", "live", "v2");
    assertTrue(nothing.err().contains("nothing of v2 was compared with v1 since "), nothing.err());
    assertTrue(nothing.err().contains("--shadowShare"), nothing.err());
    Command.Ended refused = run(3, "models", "promote", "v2", "--requireComparison");
    assertTrue(
        refused.err().contains("no comparison of v2 with v1 is on record;")
            && refused.err().contains("write ./shelfcast compare live v2")
            && refused.err().contains("v2 is not promoted, and v1 stays live"),
        refused.err());
    assertEquals("v1", registry().live().orElseThrow().name());

    read(2);
    Command.Ended compared = run(0, "compare", "live", "v2", "--since=PT1H");

    JsonNode json = new ObjectMapper().readTree(compared.out());
    assertEquals(1, compared.out().lines().count());
    assertEquals("v2", json.get("candidate").asText());
    assertEquals("v1", json.get("live").asText());
    assertEquals("[0]", json.get("policy_versions").toString());
    Instant since = Instant.parse(json.get("since").asText());
    assertTrue(since.isBefore(Instant.now().minus(Duration.ofHours(1))), json.toString());
    assertEquals(2 * ITEMS, json.get("items").asInt());
    assertEquals(2 * 298, json.get("both_scored").asInt());
    assertEquals("{\"live\":0,\"candidate\":2,\"both\":2}", json.get("missing").toString());
    assertEquals(238 / 298.0, json.get("agreement_rate").asDouble(), 1e-6);
    assertEquals(120, json.at("/flips/IN_STOCK>OUT").asInt());
    assertEquals(0, json.at("/flips/OUT>IN_STOCK").asInt());
    assertEquals(2, json.at("/decisions/IN_STOCK/UNKNOWN").asInt());
    assertEquals(41, json.at("/score_difference/counts").size());
    assertEquals(120, json.at("/score_difference/counts/4").asInt());
    assertEquals(2 * 238, json.at("/score_difference/counts/20").asInt());
    assertEquals("dairy", json.at("/segments/0/segment").asText());
    assertEquals(0.5, json.at("/segments/0/agreement_rate").asDouble());
    assertEquals("bakery", json.at("/segments/1/segment").asText());

    String told = compared.err();
    assertTrue(told.contains("v2 compared with v1, which is live\n"), told);
    assertTrue(
        told.contains(
            "by policy 0: 79.87 % decided alike, 20.13 % shown would be hidden, 0.00 % hidden"
                + " would be shown\nwithout a score: 0 of v1 alone, 2 of v2 alone, 2 of both\n"),
        told);
    assertTrue(
        told.contains("IN_STOCK            178              0            120              2\n"),
        told);
    assertTrue(told.contains("-0.80            120  20.1 % "), told);
    assertTrue(
        told.contains("           240   50.00 %            120              0  dairy"), told);

    Command.Ended promoted = run(0, "models", "promote", "v2", "--require-comparison");
    assertTrue(promoted.err().startsWith("live comparison of v2 with v1, 20"), promoted.err());
    assertTrue(promoted.err().contains("20.13 % shown would be hidden"), promoted.err());
    assertTrue(promoted.err().endsWith("model version v2 is live\n"), promoted.err());
    assertEquals(
        json,
        new ObjectMapper().readTree(test.query("SELECT result FROM model_comparison").get(0)));

    Command.Ended back = run(0, "models", "promote", "v1");
    assertTrue(back.err().contains("no comparison of v1 with v2 is on record"), back.err());
    assertTrue(back.err().endsWith("model version v1 is live\n"), back.err());
    assertEquals(
        "model version v1 is live\n",
        run(0, "models", "promote", "v1", "--requireComparison").err());
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() {
    assertFails(2, "--models is missing", "compare");
    assertFails(2, "'a b' is no model version", "compare", "live", "a b");
    assertFails(2, "write a duration up to P90D", "compare", "live", "a", "--since=PT0S");
    assertFails(2, "write a duration up to P90D", "compare", "live", "a", "--since=P91D");
    assertFails(1, "'a' is not registered; see ./shelfcast models", "compare", "live", "a");
    registry().register("a", ModelStatus.SHADOW);
    assertFails(1, "no model version is live to compare 'a' with", "compare", "live", "a");
    registry().promote("a");
    assertFails(1, "'a' is live, and others are compared with it", "compare", "live", "a");
    registry().register("b", ModelStatus.SHADOW);
    registry().retire("b", Duration.ofDays(1));
    assertFails(1, "it is retired: ./shelfcast models register b", "compare", "live", "b");
    assertFails(1, "'b' is retired; register it again", "models", "promote", "b");
  }

  @Test
  void cleanupDeletesWhatIsOlderThanNinetyDays() {
    registry().register("a", ModelStatus.SHADOW);
    registry().register("b", ModelStatus.SHADOW);
    test.execute(
        "INSERT INTO shadow_comparison SELECT now() - make_interval(days => d), 1, 2, 0, 'dairy',"
            + " array_fill(1, '{16}'), array_fill(1, '{41}') FROM unnest('{1,89,91,99}'::int[]) d");
    assertEquals("done,what\nshadow_comparisons_deleted,2\n", run(0, "cleanup").out());
    assertEquals("nothing to clean up\n", run(0, "cleanup").err());
  }

  /** Anew each time: a command closes all pools of its process as it ends. */
  private ModelRegistry registry() {
    return new ModelRegistry(test.database());
  }

  private Command.Ended run(int exitCode, String... arguments) {
    String[] command =
        arguments.length == 1 && arguments[0].equals("compare")
            ? arguments
            : Stream.concat(
                    Stream.of(arguments),
                    Stream.of(
                        "--jdbcUrl=" + test.config().jdbcUrl(),
                        "--jdbcUser=" + test.config().user()))
                .toArray(String[]::new);
    Command.Ended ended = Command.here(command);
    assertEquals(exitCode, ended.exitCode(), ended.err());
    return ended;
  }

  private void assertFails(int exitCode, String message, String... arguments) {
    Command.Ended ended = run(exitCode, arguments);
    assertTrue(ended.err().contains(message), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
  }
}
