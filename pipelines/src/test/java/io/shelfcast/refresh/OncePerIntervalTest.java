package io.shelfcast.refresh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.scoring.FakeScoringApi;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.joda.time.Duration;

/** Duplicated, reordered and late requests, against an oracle that knows only the rule. */
class OncePerIntervalTest {

  private static final int INTERVAL_SECONDS = 60;

  /**
   * A request and the time that passes after it.
   *
   * @param shownBefore how many seconds before the first request its items were shown
   */
  record Step(long store, List<Long> products, int shownBefore, int secondsAfter) {}

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void eachItemIsScoredAtMostOncePerIntervalAndNoneIsForgotten(@ForAll("steps") List<Step> steps)
      throws Exception {
    TestDatabase database = TestDatabase.create();
    new ModelRegistry(database.database()).register("m1", ModelStatus.CANDIDATE);
    try (FakeScoringApi api = new FakeScoringApi()) {
      // Shown in the future of the scores' clock, so that none is fresh in the database.
      Instant shown = Instant.now().plusSeconds(3600);
      RefreshRun refresh = new RefreshRun(database, api.url());
      Map<String, Long> passesAgainAt = new HashMap<>();
      Set<String> items = new TreeSet<>();
      long scored = 0;
      long asked = 0;
      long now = 0;
      for (Step step : steps) {
        refresh.request(
            step.store(),
            shown.minusSeconds(step.shownBefore()),
            step.products().stream().mapToLong(Long::longValue).toArray());
        for (long product : step.products()) {
          String item = step.store() + "|" + product;
          items.add(item);
          asked++;
          if (passesAgainAt.getOrDefault(item, 0L) <= now) {
            passesAgainAt.put(item, now + INTERVAL_SECONDS);
            scored++;
          }
        }
        if (step.secondsAfter() > 0) {
          refresh.after(Duration.standardSeconds(step.secondsAfter()));
          now += step.secondsAfter();
        }
      }

      Map<String, Long> counted = refresh.run();

      assertEquals(scored, counted.get("items_scored"));
      assertEquals(asked - scored, counted.get("items_suppressed_repeated"));
      assertEquals(
          items,
          database.query("SELECT store_id, product_id FROM current_score").stream()
              .collect(Collectors.toCollection(TreeSet::new)));
      assertEquals(List.of(), database.query("SELECT reason FROM dead_letter"));
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<List<Long>> products =
        Arbitraries.longs().between(1, 6).list().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(
            Arbitraries.longs().between(1, 3),
            products,
            Arbitraries.integers().between(0, 300),
            Arbitraries.of(0, 0, 0, 1, 20, 59, 60, 61, 150))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(25);
  }
}
