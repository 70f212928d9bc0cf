package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.comparison.ComparedItems;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShadowComparisonsTest {

  private final TestDatabase test = TestDatabase.create();
  private final ShadowComparisons comparisons = new ShadowComparisons(test.database());
  private final ModelRegistry models = new ModelRegistry(test.database());
  private final short live = models.register("live", ModelStatus.SHADOW).id();
  private final short candidate = models.register("candidate", ModelStatus.SHADOW).id();

  @Test
  void serversThatAddAtTheSameTimeInAnyOrderAddUpExactly() throws Exception {
    int servers = 4;
    int rounds = 25;
    int segments = 30;
    ExecutorService threads = Executors.newFixedThreadPool(servers);
    List<Future<?>> ends = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      Random random = new Random(server);
      ends.add(
          threads.submit(
              () -> {
                for (int round = 0; round < rounds; round++) {
                  List<ShadowCount> counts = new ArrayList<>();
                  for (int segment = 0; segment < segments; segment++) {
                    counts.add(one("s" + segment, 3));
                  }
                  Collections.shuffle(counts, random);
                  comparisons.add(counts);
                }
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    threads.shutdown();

    List<ShadowCount> found = comparisons.since(live, candidate, Instant.now());
    assertEquals(segments, found.size());
    for (ShadowCount count : found) {
      assertEquals(2L * servers * rounds, count.items().items(), count.segment());
      assertEquals((long) servers * rounds, count.items().shownToHidden());
      assertEquals((long) servers * rounds, count.items().differences().get(4));
    }
  }

  @Test
  void whatIsReadIsOfTheseTwoVersionsSinceThenByPolicyAndSegment() {
    comparisons.add(List.of(one("dairy", 3), one("dairy", 4), one("bakery", 3)));
    comparisons.add(
        List.of(
            new ShadowCount(
                /* liveId= */ candidate,
                /* candidateId= */ live,
                3,
                "dairy",
                one("dairy", 3).items())));
    test.execute(
        "INSERT INTO shadow_comparison SELECT hour - interval '2 hours', live_id, candidate_id,"
            + " policy_version, segment, decisions, differences FROM shadow_comparison");

    assertEquals(
        List.of("3 bakery 2", "3 dairy 2", "4 dairy 2"),
        told(comparisons.since(live, candidate, Instant.now())));
    assertEquals(
        List.of("3 bakery 4", "3 dairy 4", "4 dairy 4"),
        told(comparisons.since(live, candidate, Instant.now().minus(Duration.ofHours(3)))));

    assertEquals(4, comparisons.deleteOlderThan(Duration.ofMinutes(90)));
    assertEquals(
        List.of("3 dairy 2"),
        told(comparisons.since(/* liveId= */ candidate, /* candidateId= */ live, Instant.EPOCH)));
  }

  private static List<String> told(List<ShadowCount> counts) {
    return counts.stream()
        .map(c -> c.policyVersion() + " " + c.segment() + " " + c.items().items())
        .toList();
  }

  private ShadowCount one(String segment, int policy) {
    ComparedItems items = new ComparedItems();
    items.add(Decision.IN_STOCK, 0.9f, Decision.OUT, 0.1f);
    items.addMissing(Decision.UNKNOWN, Decision.LOW);
    return new ShadowCount(live, candidate, policy, segment, items);
  }
}
