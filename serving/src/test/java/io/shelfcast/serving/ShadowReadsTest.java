package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfcast.comparison.ComparedItems;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import io.shelfcast.store.FoundScores;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import io.shelfcast.store.ScoreReads;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.ShadowComparisons;
import io.shelfcast.store.ShadowCount;
import io.shelfcast.store.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real database, with two versions whose scores and thresholds differ. */
@Timeout(60)
class ShadowReadsTest {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final List<String> CATEGORIES = List.of("dairy", "bakery", "fruit");

  private final TestDatabase database = TestDatabase.create();
  private final ModelRegistry models = new ModelRegistry(database.database());
  private final ShadowComparisons comparisons = new ShadowComparisons(database.database());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private short live;
  private short candidate;

  @BeforeEach
  void fills() {
    live = Serving.model(database, "live");
    candidate = models.register("next", ModelStatus.SHADOW).id();
    models.promote("live");
    // Neither has a score of all products; the one's are shifted against the other's.
    fill("SELECT %d, s, p, (p %% 100) / 100.0, now(), 1", live, "p % 7 <> 0");
    fill("SELECT %d, s, p, ((p * 7 + s) %% 100) / 100.0, now(), 1", candidate, "p % 5 <> 0");
    SegmentTable.Builder<ProductAttributes> products =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    for (int product = 0; product < 90; product++) {
      products.add(product, new ProductAttributes(CATEGORIES.get(product % 3), null));
    }
    new SegmentStore(database.database()).replace(null, products.build());
    new PolicyStore(database.database())
        .publish(
            new Publication(
                List.of(
                    rule("all", null, Map.of(), 0.6, 0.3),
                    rule("next", "next", Map.of(), 0.5, 0.2),
                    rule(
                        "dairy",
                        null,
                        Map.of(SegmentAttribute.CATEGORY, Set.of("dairy")),
                        0.9,
                        0.4)),
                0,
                null,
                null,
                null,
                null));
  }

  private void fill(String select, short model, String where) {
    database.execute(
        "INSERT INTO availability_score"
            + " (model_version_id, store_id, product_id, score, scored_at, origin) "
            + select.formatted(model)
            + " FROM generate_series(1, 3) s, generate_series(0, 99) p WHERE "
            + where);
  }

  private static ThresholdRule rule(
      String name,
      @Nullable String model,
      Map<SegmentAttribute, Set<String>> segment,
      double low,
      double out) {
    return new ThresholdRule(name, model, segment, new Thresholds(low, out));
  }

  private AvailabilityReader reader(double share) throws InterruptedException {
    return ready(AvailabilityReader.open(Serving.comparing(database.config(), share), meters));
  }

  private static AvailabilityReader ready(AvailabilityReader reader) throws InterruptedException {
    await(
        () -> {
          try {
            reader.check();
            return true;
          } catch (NotReadyException e) {
            return false;
          }
        });
    return reader;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it never came to that");
      Thread.sleep(2);
    }
  }

  private double count(String meter) {
    return meters.find(meter).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  private static List<ReadRequest> requests() {
    List<ReadRequest> requests = new ArrayList<>();
    for (int store = 1; store <= 3; store++) {
      requests.add(
          ReadRequest.ofStore(store, LongStream.range(0, 100).toArray()).surface("search").build());
    }
    requests.add(
        ReadRequest.ofItems().addItem(1, 3).addItem(2, 4).addItem(2, 4).addItem(9, 9).build());
    requests.add(ReadRequest.ofStore(2, 10, 11, 12).attribute("category", "dairy").build());
    requests.add(ReadRequest.ofStore(2, 10, 11, 12).attribute("category", "toys").build());
    return requests;
  }

  /** Segment to its counts, as numbers. */
  private static Map<String, String> told(List<ShadowCount> counts) {
    Map<String, String> told = new TreeMap<>();
    for (ShadowCount count : counts) {
      assertEquals(1, count.policyVersion());
      told.put(count.segment(), count.items().decisions() + " " + count.items().differences());
    }
    return told;
  }

  private Map<String, String> recorded(short model) {
    return told(comparisons.since(live, model, Instant.now().minus(Duration.ofHours(1))));
  }

  /** What both versions answer, each while it is live, item by item. */
  private Map<String, String> expected(int times) throws InterruptedException {
    List<ReadAnswer> before = answers();
    models.promote("next");
    List<ReadAnswer> after = answers();
    Map<String, ComparedItems> segments = new TreeMap<>();
    for (int time = 0; time < times; time++) {
      for (int r = 0; r < before.size(); r++) {
        ReadAnswer one = before.get(r);
        ReadAnswer other = after.get(r);
        String given = requests().get(r).attributes().get("category");
        for (int i = 0; i < one.size(); i++) {
          String segment =
              one.productId(i) < 90 ? CATEGORIES.get((int) one.productId(i) % 3) : "(none)";
          if (given != null) {
            segment = given.equals("toys") ? "(other)" : given;
          }
          ComparedItems items = segments.computeIfAbsent(segment, s -> new ComparedItems());
          if (one.hasScore(i) && other.hasScore(i)) {
            items.add(one.decision(i), one.score(i), other.decision(i), other.score(i));
          } else {
            items.addMissing(one.decision(i), other.decision(i));
          }
        }
      }
    }
    Map<String, String> told = new TreeMap<>();
    segments.forEach(
        (segment, items) -> told.put(segment, items.decisions() + " " + items.differences()));
    return told;
  }

  private List<ReadAnswer> answers() throws InterruptedException {
    try (AvailabilityReader reader = reader(0)) {
      return requests().stream().map(reader::read).toList();
    }
  }

  private static String whole(ReadAnswer answer) {
    StringBuilder text = new StringBuilder(answer.modelVersion() + " " + answer.policyVersion());
    for (int i = 0; i < answer.size(); i++) {
      text.append(' ').append(answer.decision(i));
      text.append(answer.hasScore(i) ? " " + answer.score(i) : " none");
    }
    return text.toString();
  }

  @Test
  void whatTwoServersCompareAddsUpToWhatBothVersionsAnswerAndTheAnswersStayTheSame()
      throws Exception {
    int times = 4;
    List<String> alone = answers().stream().map(ShadowReadsTest::whole).toList();
    try (AvailabilityReader one = reader(1);
        AvailabilityReader two = reader(1)) {
      List<CompletableFuture<List<String>>> reads = new ArrayList<>();
      for (int time = 0; time < times; time++) {
        AvailabilityReader its = time % 2 == 0 ? one : two;
        reads.add(
            CompletableFuture.supplyAsync(
                () -> requests().stream().map(its::read).map(ShadowReadsTest::whole).toList()));
      }
      for (CompletableFuture<List<String>> read : reads) {
        assertEquals(alone, read.get());
      }
      await(() -> count("shelfcast.shadow.reads") == times * requests().size());
    }
    Map<String, String> recorded = recorded(candidate);
    assertEquals(Set.of("(none)", "(other)", "bakery", "dairy", "fruit"), recorded.keySet());
    assertEquals(expected(times), recorded);
    assertEquals(0, count("shelfcast.shadow.reads.dropped"));
    assertEquals(0, count("shelfcast.shadow.reads.failed"));
  }

  @Test
  void aCandidateThatCannotBeReadLeavesAnswersAloneAndIsCounted() throws Exception {
    List<String> alone = answers().stream().map(ShadowReadsTest::whole).toList();
    try (AvailabilityReader reader = reader(1);
        Connection other = database.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE availability_score_" + candidate + " IN ACCESS EXCLUSIVE MODE");
      // More than may wait: had any of them waited for the other version, all would take minutes.
      for (int i = 0; i < 60; i++) {
        assertEquals(
            alone, requests().stream().map(reader::read).map(ShadowReadsTest::whole).toList());
      }
      await(() -> count("shelfcast.shadow.reads.dropped") > 0);
      await(() -> count("shelfcast.shadow.reads.failed") > 0);
      double timedOut = count("shelfcast.shadow.reads.failed");
      lock.execute("DROP TABLE availability_score_" + candidate);
      other.commit();
      await(() -> count("shelfcast.shadow.reads.failed") > timedOut);
      assertEquals(0, count("shelfcast.shadow.reads"));
    }
    assertEquals(Map.of(), recorded(candidate));
  }

  private ShadowReads shadows(DoubleSupplier random, double share) {
    return new ShadowReads(Serving.comparing(database.config(), share), random, SOON, meters);
  }

  private ServingState state() {
    try (StateLoader loader = new StateLoader(database.config(), ReaderSettings.TOKEN_TTL)) {
      return loader.load(null);
    }
  }

  /** Offers a read of so many items, answered by a version. */
  private void offer(ShadowReads shadows, ServingState state, String model, int items) {
    ReadRequest request = ReadRequest.ofStore(1, LongStream.range(0, items).toArray()).build();
    RequestPolicy judged = RequestPolicy.of(state, state.policy(), request, Instant.now());
    try (ScoreReads scores = ScoreReads.open(Serving.settings(database.config()).reads())) {
      FoundScores found = request.find(scores, models.get(model).id());
      shadows.offer(
          judged,
          new ReadAnswer(
              request,
              found,
              judged.decide(judged.thresholds(model), found),
              model,
              1,
              "",
              Micros.of(Instant.now()),
              0));
    }
  }

  private long items(short model) {
    return comparisons.since(live, model, Instant.EPOCH).stream()
        .mapToLong(count -> count.items().items())
        .sum();
  }

  @Test
  void onlyTheLiveVersionsAnswersAreComparedAndOfThemTheShareAndWithOthersInTurn()
      throws Exception {
    short third = Serving.model(database, "third");
    List<Double> numbers = new ArrayList<>(List.of(0.24, 0.25, 0.99, 0.0, 0.1, 0.5, 0.2));
    ServingState state = state();
    try (ShadowReads shadows = shadows(() -> numbers.remove(0), 0.25)) {
      offer(shadows, state, "third", 50);
      assertEquals(7, numbers.size());
      while (!numbers.isEmpty()) {
        offer(shadows, state, "live", 10);
      }
      await(() -> count("shelfcast.shadow.reads") == 4);
    }
    assertEquals(20, items(candidate));
    assertEquals(20, items(third));
  }

  @Test
  void whatCannotBeRecordedIsKeptAndRecordedLater() throws Exception {
    ServingState state = state();
    try (ShadowReads shadows = shadows(() -> 0, 1)) {
      database.execute("ALTER TABLE shadow_comparison RENAME TO elsewhere");
      offer(shadows, state, "live", 10);
      await(() -> count("shelfcast.shadow.records.failed") > 1);
      offer(shadows, state, "live", 7);
      await(() -> count("shelfcast.shadow.reads") == 2);
      database.execute("ALTER TABLE elsewhere RENAME TO shadow_comparison");
      await(() -> items(candidate) == 17);
    }
    assertEquals(17, items(candidate));
  }

  @Test
  void closingEndsThoughTheDatabaseDoesNotAnswer() throws Exception {
    ServingState state = state();
    try (Connection other = database.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      try (ShadowReads shadows = shadows(() -> 0, 1)) {
        lock.execute("LOCK TABLE shadow_comparison IN ACCESS EXCLUSIVE MODE");
        offer(shadows, state, "live", 10);
        await(() -> count("shelfcast.shadow.reads") == 1);
      }
      // Closed, while the lock is held.
      other.commit();
    }
    assertEquals(0, items(candidate));
  }
}
