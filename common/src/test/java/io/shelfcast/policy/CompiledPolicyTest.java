package io.shelfcast.policy;

import static io.shelfcast.policy.SegmentAttribute.CATEGORY;
import static io.shelfcast.policy.SegmentAttribute.CITY;
import static io.shelfcast.policy.SegmentAttribute.HOUR_BAND;
import static io.shelfcast.policy.SegmentAttribute.REGION;
import static io.shelfcast.policy.SegmentAttribute.STORE_ID;
import static io.shelfcast.policy.SegmentAttribute.SURFACE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompiledPolicyTest {

  private static final Instant NOON = Instant.parse("2024-06-08T12:00:00Z");
  private static final Thresholds HIGH = new Thresholds(0.9, 0.5);
  private static final Thresholds HIGHER = new Thresholds(0.95, 0.6);

  @Property(tries = 3000)
  void anyItemOfAnyRequestGetsWhatThePlainReadingOfTheRulesGives(@ForAll long seed) {
    Random random = new Random(seed);
    List<ThresholdRule> rules = new ArrayList<>();
    for (ThresholdRule rule : Naive.rules(random)) {
      if (rules.stream().noneMatch(other -> Naive.tie(rule, other))) {
        rules.add(rule);
      }
    }
    CompiledPolicy policy = CompiledPolicy.of(new ThresholdPolicy(1, rules));
    List<StoreAttributes> stores = List.of(Naive.store(random), Naive.store(random));
    List<ProductAttributes> products =
        List.of(Naive.product(random), Naive.product(random), Naive.product(random));
    String model = Naive.any(Naive.MODELS, random);
    Map<SegmentAttribute, String> request = Naive.request(random);
    Instant at = NOON.plusSeconds(random.nextInt(200_000) - 100_000);
    Evaluation evaluation = policy.forRequest(model, request, at);
    for (int i = 0; i < 20; i++) {
      int storeId = random.nextInt(2);
      // A reader asks for no attributes that the policy does not use.
      StoreAttributes store = policy.usesStores() ? stores.get(storeId) : StoreAttributes.UNKNOWN;
      ProductAttributes product =
          policy.usesProducts() ? Naive.any(products, random) : ProductAttributes.UNKNOWN;
      assertEquals(
          Naive.thresholds(rules, model, Naive.item(request, at, storeId, store, product)),
          evaluation.thresholds(storeId, store, product));
    }
  }

  @Property(tries = 3000)
  void aPolicyIsRefusedExactlyWhenTwoOfItsRulesTie(@ForAll long seed) {
    List<ThresholdRule> rules = Naive.rules(new Random(seed));
    if (Naive.hasTie(rules)) {
      assertThrows(InvalidPolicyException.class, () -> new ThresholdPolicy(1, rules));
    } else {
      assertEquals(rules, new ThresholdPolicy(1, rules).rules());
    }
  }

  @Test
  void withNoPolicyTheDefaultApplies() {
    CompiledPolicy policy = CompiledPolicy.of(ThresholdPolicy.BUILT_IN);
    assertEquals(0, policy.version());
    assertFalse(policy.usesStores());
    assertFalse(policy.usesProducts());
    assertEquals(
        new Thresholds(0.7, 0.3),
        policy
            .forRequest("a", Map.of(), NOON)
            .thresholds(1, StoreAttributes.UNKNOWN, ProductAttributes.UNKNOWN));
  }

  @Test
  void aRuleOfTheModelVersionBeatsANarrowerOneOfEveryVersion() {
    List<ThresholdRule> rules =
        List.of(
            rule("dairy of store 1", null, Map.of(CATEGORY, Set.of("dairy")), HIGH),
            rule("a", "a", Map.of(), HIGHER));
    ProductAttributes dairy = new ProductAttributes("dairy", null);
    assertEquals(HIGHER, thresholds(rules, "a", StoreAttributes.UNKNOWN, dairy, NOON));
    assertEquals(HIGH, thresholds(rules, "b", StoreAttributes.UNKNOWN, dairy, NOON));
  }

  @Test
  void anItemWhoseAttributeIsUnknownIsInNoSegmentThatNamesIt() {
    List<ThresholdRule> rules =
        List.of(rule("dairy", null, Map.of(CATEGORY, Set.of("dairy")), HIGH));
    assertEquals(
        Thresholds.DEFAULT,
        thresholds(rules, "a", StoreAttributes.UNKNOWN, ProductAttributes.UNKNOWN, NOON));
  }

  @Test
  void theHourBandIsThatOfTheStoresClock() {
    List<ThresholdRule> rules =
        List.of(rule("evening", null, Map.of(HOUR_BAND, Set.of("evening")), HIGH));
    StoreAttributes shanghai = new StoreAttributes(null, null, null, ZoneId.of("Asia/Shanghai"));
    assertTrue(CompiledPolicy.of(new ThresholdPolicy(1, rules)).usesStores());
    assertEquals(HIGH, thresholds(rules, "a", shanghai, ProductAttributes.UNKNOWN, NOON));
    assertEquals(
        Thresholds.DEFAULT,
        thresholds(rules, "a", StoreAttributes.UNKNOWN, ProductAttributes.UNKNOWN, NOON));
  }

  @Test
  void hourBandsBeginOnTheHourOfTheirName() {
    assertEquals(HourBand.NIGHT, HourBand.at(Instant.parse("2024-06-08T00:00:00Z"), null));
    assertEquals(HourBand.NIGHT, HourBand.at(Instant.parse("2024-06-08T05:59:59Z"), null));
    assertEquals(HourBand.MORNING, HourBand.at(Instant.parse("2024-06-08T06:00:00Z"), null));
    assertEquals(HourBand.AFTERNOON, HourBand.at(Instant.parse("2024-06-08T12:00:00Z"), null));
    assertEquals(HourBand.EVENING, HourBand.at(Instant.parse("1969-12-31T23:59:59Z"), null));
  }

  @Test
  void aTieNamesBothRulesAndAnItemThatTheyShare() {
    InvalidPolicyException tie =
        assertThrows(
            InvalidPolicyException.class,
            () ->
                new ThresholdPolicy(
                    1,
                    List.of(
                        rule("p", null, Map.of(CITY, Set.of("x", "y")), HIGH),
                        rule("other rank", null, Map.of(REGION, Set.of("x", "y")), HIGH),
                        rule("other kind", null, Map.of(CITY, Set.of("y")), delta(0.1, 0)),
                        rule("q", null, Map.of(CITY, Set.of("z", "y")), HIGHER))));
    assertThat(
        tie.getMessage(),
        is(
            "the rules 'p' and 'q' are equally specific and both match items of city y; take the"
                + " value out of one, or narrow one by a further attribute"));
  }

  @Test
  void twoRulesForEveryItemTie() {
    InvalidPolicyException tie =
        assertThrows(
            InvalidPolicyException.class,
            () ->
                new ThresholdPolicy(
                    1, List.of(rule("p", "a", Map.of(), HIGH), rule("q", "a", Map.of(), HIGHER))));
    assertThat(tie.getMessage(), containsString("both match every item for model version a;"));
  }

  @Test
  void twoRulesOfOneNameAreRefused() {
    InvalidPolicyException twice =
        assertThrows(
            InvalidPolicyException.class,
            () ->
                new ThresholdPolicy(
                    1, List.of(rule("p", "a", Map.of(), HIGH), rule("p", "b", Map.of(), HIGH))));
    assertThat(twice.getMessage(), containsString("two rules are called 'p'"));
  }

  @Test
  void aDeltaKeepsThresholdsInRangeAndInOrder() {
    assertEquals(new Thresholds(1, 0), HIGH.plus(delta(0.3, -0.8)));
    assertEquals(new Thresholds(0.4, 0.4), HIGH.plus(delta(-0.5, 0.1)));
  }

  @Test
  void aScoreWrittenAsTheThresholdReachesIt() {
    Thresholds thresholds = new Thresholds(0.7, 0.3);
    assertEquals(Decision.IN_STOCK, thresholds.decide(0.7f));
    assertEquals(Decision.LOW, thresholds.decide(Math.nextDown(0.7f)));
    assertEquals(Decision.LOW, thresholds.decide(0.3f));
    assertEquals(Decision.OUT, thresholds.decide(Math.nextDown(0.3f)));
    assertEquals(Decision.IN_STOCK, new Thresholds(0, 0).decide(0f));
    assertEquals(Decision.OUT, new Thresholds(1, 1).decide(Math.nextDown(1f)));
  }

  @Test
  void whatCannotBeIsRefusedByTheTypes() {
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(0.3, 0.7));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new ThresholdDelta(1.1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> rule("p", null, Map.of(HOUR_BAND, Set.of("noon")), HIGH));
    assertThrows(
        IllegalArgumentException.class,
        () -> rule("p", null, Map.of(STORE_ID, Set.of("07")), HIGH));
    assertThrows(
        IllegalArgumentException.class, () -> rule("p", null, Map.of(CITY, Set.of()), HIGH));
    CompiledPolicy policy = CompiledPolicy.of(ThresholdPolicy.BUILT_IN);
    assertThrows(
        IllegalArgumentException.class, () -> policy.forRequest("a", Map.of(STORE_ID, "7"), NOON));
    assertThrows(
        IllegalArgumentException.class,
        () -> policy.forRequest("a", Map.of(HOUR_BAND, "noon"), NOON));
  }

  @Test
  void rulesOfManyValuesStayCompact() {
    // As branches for each combination these would be 40 million.
    List<ThresholdRule> rules =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    rule(
                        "rule " + i,
                        null,
                        Map.of(
                            STORE_ID, numbers(0, 1000),
                            CATEGORY, numbers(200 * i, 200),
                            SURFACE, Set.of("search")),
                        HIGH))
            .toList();
    Evaluation evaluation =
        CompiledPolicy.of(new ThresholdPolicy(1, rules))
            .forRequest("a", Map.of(SURFACE, "search"), NOON);
    assertEquals(
        HIGH,
        evaluation.thresholds(999, StoreAttributes.UNKNOWN, new ProductAttributes("39999", null)));
    assertEquals(
        Thresholds.DEFAULT,
        evaluation.thresholds(1000, StoreAttributes.UNKNOWN, new ProductAttributes("39999", null)));
  }

  @Test
  void rulesThatOverlapInTooManyWaysAreRefused() {
    // Each store is under another half of the rules.
    Random random = new Random(1);
    List<ThresholdRule> rules =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    rule(
                        "rule " + i,
                        null,
                        Map.of(
                            STORE_ID,
                            numbers(0, 2000).stream()
                                .filter(store -> random.nextBoolean())
                                .collect(Collectors.toSet()),
                            CATEGORY,
                            numbers(100 * i, 100)),
                        HIGH))
            .toList();
    InvalidPolicyException refused =
        assertThrows(InvalidPolicyException.class, () -> new ThresholdPolicy(1, rules));
    assertThat(refused.getMessage(), containsString("overlap in more than 1,000,000 ways"));
  }

  private static Set<String> numbers(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(String::valueOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static ThresholdDelta delta(double addLow, double addOut) {
    return new ThresholdDelta(addLow, addOut);
  }

  private static ThresholdRule rule(
      String name,
      @Nullable String model,
      Map<SegmentAttribute, Set<String>> segment,
      ThresholdChange change) {
    return new ThresholdRule(name, model, segment, change);
  }

  private static Thresholds thresholds(
      List<ThresholdRule> rules,
      String model,
      StoreAttributes store,
      ProductAttributes product,
      Instant at) {
    return CompiledPolicy.of(new ThresholdPolicy(1, rules))
        .forRequest(model, Map.of(), at)
        .thresholds(1, store, product);
  }
}
