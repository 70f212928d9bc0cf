package io.shelfcast.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What thresholds cost a read: 1,000 items of one store, drawn at random from 10 million products,
 * under 8,000 rules. Not a test of the build; decision 9 says how to run it.
 */
class EvaluationBenchmark {

  private static final int PRODUCTS = Integer.getInteger("products", 10_000_000);
  private static final int RULES = 8_000;
  private static final int ITEMS = 1_000;
  private static final int ROUNDS = 3_000;
  private static final StoreAttributes STORE = new StoreAttributes("city 7", "north", "r 3", null);

  @Test
  void thousandItems() {
    System.out.println("kinds  look-ups us  decisions us   (medians of the last half)");
    for (int kinds : new int[] {30, 300}) {
      measure(kinds);
    }
  }

  private static void measure(int kinds) {
    SegmentTable.Builder<ProductAttributes> builder =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    for (int product = 0; product < PRODUCTS; product++) {
      builder.add(product, new ProductAttributes("category " + product % kinds, null));
    }
    SegmentTable<ProductAttributes> products = builder.build();
    long started = System.nanoTime();
    CompiledPolicy policy = CompiledPolicy.of(new ThresholdPolicy(1, rules(kinds)));
    System.out.printf("compiled in %d ms%n", (System.nanoTime() - started) / 1_000_000);

    Random random = new Random(1);
    List<Long> lookUps = new ArrayList<>();
    List<Long> decisions = new ArrayList<>();
    ProductAttributes[] found = new ProductAttributes[ITEMS];
    float[] scores = new float[ITEMS];
    int inStock = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long[] ids = random.longs(ITEMS, 0, PRODUCTS).toArray();
      for (int i = 0; i < ITEMS; i++) {
        scores[i] = random.nextFloat();
      }
      long begun = System.nanoTime();
      for (int i = 0; i < ITEMS; i++) {
        found[i] = products.get(ids[i]);
      }
      long between = System.nanoTime();
      Evaluation evaluation =
          policy.forRequest(
              "m1", Map.of(SegmentAttribute.SURFACE, "search"), Instant.ofEpochSecond(round));
      for (int i = 0; i < ITEMS; i++) {
        if (evaluation.thresholds(7, STORE, found[i]).decide(scores[i]) == Decision.IN_STOCK) {
          inStock++;
        }
      }
      if (round >= ROUNDS / 2) {
        lookUps.add(between - begun);
        decisions.add(System.nanoTime() - between);
      }
    }
    System.out.printf(
        "%5d  %11.1f  %12.1f   (%d in stock)%n",
        kinds, median(lookUps) / 1e3, median(decisions) / 1e3, inStock);
  }

  /** By city and category, by retailer, category and surface, by category and hour band. */
  private static List<ThresholdRule> rules(int kinds) {
    List<ThresholdRule> rules = new ArrayList<>();
    for (int i = 0; rules.size() < RULES; i++) {
      String category = "category " + i % kinds;
      int other = i / kinds;
      Map<SegmentAttribute, Set<String>> segment =
          switch (i % 3) {
            case 0 ->
                Map.of(
                    SegmentAttribute.CITY, Set.of("city " + other),
                    SegmentAttribute.CATEGORY, Set.of(category));
            case 1 ->
                Map.of(
                    SegmentAttribute.RETAILER, Set.of("r " + other),
                    SegmentAttribute.SURFACE, Set.of("search"),
                    SegmentAttribute.CATEGORY, Set.of(category));
            default ->
                Map.of(
                    SegmentAttribute.STORE_ID, Set.of(Integer.toString(other)),
                    SegmentAttribute.CATEGORY, Set.of(category));
          };
      ThresholdChange change =
          i % 2 == 0 ? new Thresholds(0.7, 0.3) : new ThresholdDelta(0.05, 0.01);
      rules.add(new ThresholdRule("rule " + i, i % 5 == 0 ? "m1" : null, segment, change));
    }
    return rules;
  }

  private static double median(List<Long> nanos) {
    return (double) nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
  }
}
