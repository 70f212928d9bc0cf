package io.shelfcast.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.PolicyEffect.Line;
import io.shelfcast.policy.PolicyEffect.Shares;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyEffects;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted in the database, against looking at each item with the domain's own code. */
@Timeout(120)
class PolicyEffectTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int STORES = 5;
  private static final int PRODUCTS = 12;

  /** Six hours apart, so that in any time zone each item is decided in each band once. */
  private static final List<Instant> MOMENTS =
      IntStream.range(0, 4)
          .mapToObj(i -> Instant.parse("2024-06-08T00:30:00Z").plus(Duration.ofHours(6L * i)))
          .toList();

  private final TestDatabase test = TestDatabase.create();
  private final PolicyEffects effects = new PolicyEffects(test.database());
  private final ModelRegistry models = new ModelRegistry(test.database());

  private final SegmentTable.Builder<StoreAttributes> stores =
      new SegmentTable.Builder<>(StoreAttributes.UNKNOWN);
  private final SegmentTable.Builder<ProductAttributes> products =
      new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
  private final List<Item> items = new ArrayList<>();

  private record Item(ModelVersion version, long store, long product, float score) {}

  @Test
  void anyTwoPoliciesOnAnyDataAreComparedAsItemByItem() {
    Random random = new Random(7);
    fill(random);
    SegmentTable<StoreAttributes> ofStores = stores.build();
    SegmentTable<ProductAttributes> ofProducts = products.build();
    new SegmentStore(test.database()).replace(ofStores, ofProducts);
    int flipped = 0;
    for (int i = 0; i < 100; i++) {
      ThresholdPolicy now = policy(1, Naive.rules(random));
      List<ThresholdRule> rules = new ArrayList<>(Naive.rules(random));
      if (random.nextBoolean()) {
        // Mostly the same, as an operator's next policy is.
        rules = new ArrayList<>(now.rules());
        if (!rules.isEmpty()) {
          rules.remove(random.nextInt(rules.size()));
        }
      }
      ThresholdPolicy after = policy(2, rules);
      PolicyEffect expected = new ItemByItem(now, after, ofStores, ofProducts).effect();
      PolicyEffect counted = effects.between(now, after, PATIENCE);
      assertEquals(expected.items(), counted.items());
      assertEquals(expected.flips(), counted.flips(), now + " to " + after);
      assertEquals(expected.versions(), counted.versions(), now + " to " + after);
      assertEquals(
          new HashSet<>(expected.segments()),
          new HashSet<>(counted.segments()),
          now + " to " + after);
      flipped += counted.flips() > 0 ? 1 : 0;
    }
    assertTrue(flipped > 30, "in only %d of 100 anything changed".formatted(flipped));
  }

  private void fill(Random random) {
    for (String name : Naive.MODELS) {
      models.register(name, name.equals("c") ? ModelStatus.SHADOW : ModelStatus.CANDIDATE);
    }
    models.promote("a");
    models.register("empty", ModelStatus.CANDIDATE);
    models.register("gone", ModelStatus.CANDIDATE);
    // Store 4 and the last product are in no table; of others not all is known.
    for (long store = 0; store < STORES - 1; store++) {
      stores.add(store, Naive.store(random));
    }
    for (long product = 0; product < PRODUCTS - 1; product++) {
      products.add(product, Naive.product(random));
    }
    StringBuilder rows = new StringBuilder();
    for (ModelVersion version : models.list()) {
      for (long store = 0; store < STORES; store++) {
        for (long product = 0; product < PRODUCTS; product++) {
          if (!version.name().equals("empty") && random.nextInt(5) > 0) {
            // Every other one as a threshold may be.
            float score =
                random.nextBoolean() ? random.nextInt(101) / 100f : (float) random.nextDouble();
            items.add(new Item(version, store, product, score));
            rows.append(rows.isEmpty() ? "" : ",")
                .append("(%d,%d,now(),%s,%d,1)".formatted(store, product, score, version.id()));
          }
        }
      }
    }
    test.execute(
        "INSERT INTO availability_score"
            + " (store_id, product_id, scored_at, score, model_version_id, origin) VALUES "
            + rows);
    models.retire("gone", Duration.ofDays(1));
    items.removeIf(item -> item.version().name().equals("gone"));
  }

  /** Without those that tie with one before them. */
  private static ThresholdPolicy policy(int version, List<ThresholdRule> rules) {
    List<ThresholdRule> kept = new ArrayList<>();
    for (ThresholdRule rule : rules) {
      if (kept.stream().noneMatch(other -> Naive.tie(rule, other))) {
        kept.add(rule);
      }
    }
    return new ThresholdPolicy(version, kept);
  }

  /** The plain reading of what an effect is. */
  private final class ItemByItem {
    private final ThresholdPolicy now;
    private final ThresholdPolicy after;
    private final SegmentTable<StoreAttributes> ofStores;
    private final SegmentTable<ProductAttributes> ofProducts;
    private final List<@Nullable String> surfaces = new ArrayList<>();

    ItemByItem(
        ThresholdPolicy now,
        ThresholdPolicy after,
        SegmentTable<StoreAttributes> ofStores,
        SegmentTable<ProductAttributes> ofProducts) {
      this.now = now;
      this.after = after;
      this.ofStores = ofStores;
      this.ofProducts = ofProducts;
      surfaces.add(null);
      Set<String> named = new TreeSet<>();
      rules().forEach(rule -> named.addAll(rule.values(SegmentAttribute.SURFACE)));
      surfaces.addAll(named);
    }

    private List<ThresholdRule> rules() {
      List<ThresholdRule> rules = new ArrayList<>(now.rules());
      rules.addAll(after.rules());
      return rules;
    }

    PolicyEffect effect() {
      List<Line> versions = new ArrayList<>();
      Set<Line> segments = new HashSet<>();
      double worst = 0;
      @Nullable String worstSurface = null;
      for (@Nullable String surface : surfaces) {
        long flips = 0;
        long all = 0;
        for (ModelVersion version : served()) {
          Line line = line(version, new ThresholdRule("all", null, Map.of(), delta()), surface);
          versions.add(line);
          if (version.status() != ModelStatus.SHADOW) {
            flips += Math.round(line.flips() * line.items() * MOMENTS.size());
            all += line.items() * MOMENTS.size();
          }
          for (ThresholdRule rule : rules()) {
            boolean isOnIt =
                surface == null
                    ? rule.values(SegmentAttribute.SURFACE).isEmpty()
                    : rule.values(SegmentAttribute.SURFACE).contains(surface);
            boolean isOfIt =
                rule.modelVersion() == null || rule.modelVersion().equals(version.name());
            Line its = line(version, rule, surface);
            if (isOnIt && isOfIt && its.items() > 0 && !its.segment().isEmpty()) {
              segments.add(its);
            }
          }
        }
        if ((double) flips / all > worst) {
          worst = (double) flips / all;
          worstSurface = surface;
        }
      }
      long ofServed =
          items.stream().filter(item -> item.version().status() != ModelStatus.SHADOW).count();
      return new PolicyEffect(ofServed, worst, worstSurface, versions, List.copyOf(segments));
    }

    private List<ModelVersion> served() {
      return items.stream().map(Item::version).distinct().toList();
    }

    private ThresholdDelta delta() {
      return new ThresholdDelta(0, 0);
    }

    private Line line(ModelVersion version, ThresholdRule rule, @Nullable String surface) {
      Map<SegmentAttribute, String> request = new EnumMap<>(SegmentAttribute.class);
      if (surface != null) {
        request.put(SegmentAttribute.SURFACE, surface);
      }
      Set<Item> seen = new HashSet<>();
      Map<Decision, Integer> before = new HashMap<>();
      Map<Decision, Integer> then = new HashMap<>();
      int all = 0;
      int flips = 0;
      for (Instant at : MOMENTS) {
        Evaluation old = CompiledPolicy.of(now).forRequest(version.name(), request, at);
        Evaluation next = CompiledPolicy.of(after).forRequest(version.name(), request, at);
        for (Item item : items) {
          StoreAttributes store = ofStores.get(item.store());
          ProductAttributes product = ofProducts.get(item.product());
          if (!item.version().equals(version)
              || !isIn(rule, Naive.item(request, at, item.store(), store, product))) {
            continue;
          }
          Decision was = old.thresholds(item.store(), store, product).decide(item.score());
          Decision is = next.thresholds(item.store(), store, product).decide(item.score());
          before.merge(was, 1, Integer::sum);
          then.merge(is, 1, Integer::sum);
          all++;
          flips += was == is ? 0 : 1;
          seen.add(item);
        }
      }
      Map<SegmentAttribute, Set<String>> when = new EnumMap<>(SegmentAttribute.class);
      when.putAll(rule.segment());
      when.remove(SegmentAttribute.SURFACE);
      return new Line(
          version.name(),
          version.status(),
          Segment.text(when),
          surface,
          seen.size(),
          shares(before, all),
          shares(then, all),
          all == 0 ? 0 : (double) flips / all);
    }

    private boolean isIn(ThresholdRule rule, Map<SegmentAttribute, String> item) {
      return rule.segment().entrySet().stream()
          .allMatch(
              named ->
                  item.containsKey(named.getKey())
                      && named.getValue().contains(item.get(named.getKey())));
    }

    private Shares shares(Map<Decision, Integer> of, int all) {
      return new Shares(
          share(of, Decision.IN_STOCK, all),
          share(of, Decision.LOW, all),
          share(of, Decision.OUT, all));
    }

    private double share(Map<Decision, Integer> of, Decision decision, int all) {
      return all == 0 ? 0 : (double) of.getOrDefault(decision, 0) / all;
    }
  }

  @Test
  void segmentsInWhichTheMostItemsFlipComeFirst() {
    models.register("a", ModelStatus.CANDIDATE);
    test.execute(
        """
        INSERT INTO product_segment
          SELECT p, CASE WHEN p < 2 THEN 'few' WHEN p < 8 THEN 'many' ELSE 'none' END, NULL
          FROM generate_series(0, 9) p""");
    test.execute(
        """
        INSERT INTO availability_score
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT 1, 7, p, 0.5, now(), 1 FROM generate_series(0, 9) p""");
    ThresholdPolicy after =
        new ThresholdPolicy(
            1,
            List.of(
                rule("few", Set.of("few"), new Thresholds(0.4, 0.3)),
                rule("none", Set.of("none"), new Thresholds(0.6, 0.3)),
                rule("many", Set.of("many"), new Thresholds(0.8, 0.6))));
    PolicyEffect effect = effects.between(ThresholdPolicy.BUILT_IN, after, PATIENCE);
    assertEquals(0.8, effect.flips());
    assertEquals(
        List.of("category many", "category few", "category none"),
        effect.segments().stream().map(Line::segment).toList());
    assertEquals(new Shares(0, 0, 1), effect.segments().get(0).after());
    assertEquals(new Shares(0.2, 0.2, 0.6), effect.versions().get(0).after());
  }

  @Test
  void withoutAnyScoreNothingFlips() {
    assertEquals(
        new PolicyEffect(0, 0, null, List.of(), List.of()),
        effects.between(ThresholdPolicy.BUILT_IN, ThresholdPolicy.BUILT_IN, PATIENCE));
    models.register("a", ModelStatus.CANDIDATE);
    assertEquals(
        new PolicyEffect(0, 0, null, List.of(), List.of()),
        effects.between(ThresholdPolicy.BUILT_IN, ThresholdPolicy.BUILT_IN, PATIENCE));
  }

  @Test
  void whatTakesTooLongIsGivenUpAndNotTriedAgain() throws Exception {
    models.register("a", ModelStatus.CANDIDATE);
    try (Connection other = test.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE availability_score IN ACCESS EXCLUSIVE MODE");
      IllegalStateException givenUp =
          assertThrows(
              IllegalStateException.class,
              () ->
                  effects.between(
                      ThresholdPolicy.BUILT_IN, ThresholdPolicy.BUILT_IN, Duration.ofMillis(50)));
      assertThat(
          givenUp.getMessage(),
          containsString("took longer than PT0.05S; write a longer --effectTimeout"));
    }
  }

  @Test
  void policiesThatTellTooManyKindsOfItemsApartAreNotCounted() {
    List<ThresholdRule> rules = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      rules.add(
          new ThresholdRule(
              "store " + i,
              null,
              Map.of(SegmentAttribute.STORE_ID, Set.of("" + i)),
              Thresholds.DEFAULT));
      rules.add(rule("category " + i, Set.of("" + i), Thresholds.DEFAULT));
    }
    PolicyComparison comparison =
        new PolicyComparison(ThresholdPolicy.BUILT_IN, new ThresholdPolicy(1, rules));
    for (int i = 0; i < 800; i++) {
      assertEquals(i + 1, comparison.storeKind(i, StoreAttributes.UNKNOWN));
      assertEquals(i + 1, comparison.productKind(new ProductAttributes("" + i, null)));
    }
    ModelVersion version = new ModelVersion((short) 1, "a", ModelStatus.LIVE);
    assertThat(
        assertThrows(IllegalStateException.class, () -> comparison.count(List.of(version)))
            .getMessage(),
        containsString("tell 641,601 kinds of items apart, on 1 surfaces, which is too much"));
  }

  @Test
  void storesThatNoRuleTellsApartAreOfOneKind() {
    Set<String> many =
        IntStream.range(0, 5_000).mapToObj(String::valueOf).collect(Collectors.toSet());
    ThresholdPolicy policy =
        new ThresholdPolicy(
            1,
            List.of(
                new ThresholdRule(
                    "many", null, Map.of(SegmentAttribute.STORE_ID, many), Thresholds.DEFAULT)));
    PolicyComparison comparison = new PolicyComparison(ThresholdPolicy.BUILT_IN, policy);
    for (long store = 0; store < 10_000; store++) {
      assertEquals(
          store < 5_000 ? 1 : 0,
          comparison.storeKind(store, new StoreAttributes("city " + store, null, null, null)));
    }
  }

  private static ThresholdRule rule(String name, Set<String> categories, ThresholdChange change) {
    return new ThresholdRule(name, null, Map.of(SegmentAttribute.CATEGORY, categories), change);
  }
}
