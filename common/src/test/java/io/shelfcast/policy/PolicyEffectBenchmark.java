package io.shelfcast.policy;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyEffects;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What counting an effect costs, on scores of one model version, 1,000 stores and a tenth as many
 * products as scores. Not a test of the build; docs/policies.md says how to run it.
 */
class PolicyEffectBenchmark {

  private static final int SCORES = Integer.getInteger("scores", 20_000_000);

  private final TestDatabase test = TestDatabase.create();
  private final PolicyEffects effects = new PolicyEffects(test.database());

  @Test
  void onePass() {
    fill();
    measure("nothing told apart", List.of());
    measure("10 categories", categories(10));
    measure("300 categories and the hour", withHours(categories(300)));
    measure("500 stores and 300 categories", withStores(categories(300), 500));
  }

  private void fill() {
    short model = new ModelRegistry(test.database()).register("m", ModelStatus.CANDIDATE).id();
    long started = System.nanoTime();
    test.execute(
        "INSERT INTO store_segment SELECT s, 'city ' || s % 40, NULL, NULL, NULL"
            + " FROM generate_series(0, 999) s");
    test.execute(
        "INSERT INTO product_segment SELECT p, 'category ' || p % 400, NULL"
            + " FROM generate_series(0, "
            + (SCORES / 10 - 1)
            + ") p");
    test.execute(
        """
        INSERT INTO availability_score_%1$d
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT %1$d, s, (s * 7919 + p) %% %2$d, random(), now(), 1
        FROM generate_series(0, 999) s, generate_series(0, %3$d) p;
        ANALYZE"""
            .formatted(model, SCORES / 10, SCORES / 1000 - 1));
    tell("filled", started);
  }

  private static List<ThresholdRule> categories(int count) {
    List<ThresholdRule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(
          new ThresholdRule(
              "category " + i,
              null,
              Map.of(SegmentAttribute.CATEGORY, Set.of("category " + i)),
              new Thresholds(0.7 + i / 2000.0, 0.3)));
    }
    return rules;
  }

  private static List<ThresholdRule> withHours(List<ThresholdRule> rules) {
    rules.add(
        new ThresholdRule(
            "evening",
            null,
            Map.of(SegmentAttribute.HOUR_BAND, Set.of("evening")),
            new ThresholdDelta(0.05, 0.01)));
    return rules;
  }

  private static List<ThresholdRule> withStores(List<ThresholdRule> rules, int count) {
    for (int i = 0; i < count; i++) {
      rules.add(
          new ThresholdRule(
              "store " + i,
              null,
              Map.of(SegmentAttribute.STORE_ID, Set.of("" + i)),
              new ThresholdDelta(i / 10_000.0, 0)));
    }
    return rules;
  }

  private void measure(String what, List<ThresholdRule> rules) {
    ThresholdPolicy after = new ThresholdPolicy(1, rules);
    for (int i = 0; i < 2; i++) {
      long started = System.nanoTime();
      PolicyEffect effect =
          effects.between(ThresholdPolicy.BUILT_IN, after, Duration.ofMinutes(10));
      tell("%s: flips %.4f".formatted(what, effect.flips()), started);
    }
  }

  private static void tell(String what, long started) {
    System.out.printf("%-60s %6.1f s%n", what, (System.nanoTime() - started) / 1e9);
  }
}
