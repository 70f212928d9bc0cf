package io.shelfcast.store;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.policy.InvalidPolicyException;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdDelta;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyStoreTest {

  private static final ThresholdRule ANY =
      new ThresholdRule("any", null, Map.of(), new Thresholds(0.7, 0.3));
  private static final ThresholdRule EVENING =
      new ThresholdRule(
          "evening \"late\"",
          "realtime-v2",
          Map.of(
              SegmentAttribute.HOUR_BAND, Set.of("evening"),
              SegmentAttribute.CITY, Set.of("Zürich")),
          new ThresholdDelta(0.05, -1e-7));

  private final TestDatabase test = TestDatabase.create();
  private final PolicyStore policies = new PolicyStore(test.database());

  @Test
  void withoutAPolicyTheBuiltInOneIsInForce() {
    assertEquals(0, policies.latestVersion());
    assertEquals(ThresholdPolicy.BUILT_IN, policies.inForce());
    assertEquals(Optional.of(ThresholdPolicy.BUILT_IN), policies.find(0));
    assertEquals(Optional.empty(), policies.find(1));
  }

  @Test
  void theLastPublishedIsInForceAndTheOthersStayAsTheyWere() {
    ThresholdPolicy first = policies.publish(List.of(ANY, EVENING), "anna", "a first try");
    ThresholdPolicy second = policies.publish(List.of(ANY), null, null);
    assertEquals(1, first.version());
    assertEquals(2, policies.latestVersion());
    assertEquals(second, policies.inForce());
    assertEquals(Optional.of(first), policies.find(1));
    assertEquals(List.of(ANY, EVENING), first.rules());
    assertEquals(
        List.of("1|anna|a first try", "2|null|null"),
        test.query("SELECT version, author, reason FROM threshold_policy ORDER BY version"));
  }

  @Test
  void rulesThatTieAreNotPublished() {
    ThresholdRule other = new ThresholdRule("other", null, Map.of(), ANY.change());
    assertThrows(
        InvalidPolicyException.class, () -> policies.publish(List.of(ANY, other), null, null));
    assertEquals(0, policies.latestVersion());
  }

  @Test
  void theDatabaseItselfRefusesToChangeAPublishedPolicy() {
    policies.publish(List.of(ANY), null, null);
    for (String change :
        List.of(
            "UPDATE threshold_policy SET rules = '[]'",
            "DELETE FROM threshold_policy",
            "TRUNCATE threshold_policy")) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> test.execute(change));
      assertThat(String.valueOf(refused.getCause()), containsString("publish another one"));
    }
    assertEquals(1, policies.inForce().rules().size());
  }

  @Test
  void whoeverPublishesAtTheSameTimeGetsTheNextNumber() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> published = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        published.add(threads.submit(() -> policies.publish(List.of(ANY), null, null).version()));
      }
      List<Integer> numbers = new ArrayList<>();
      for (Future<Integer> number : published) {
        numbers.add(number.get());
      }
      assertEquals(
          IntStream.rangeClosed(1, 20).boxed().toList(), numbers.stream().sorted().toList());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void thoseThatTokensMayStillNameAreTheOnesInForceSinceThen() {
    PolicyStore policies = new PolicyStore(test.database());
    assertEquals(List.of(0), policies.versionsInForceFor(Duration.ofMinutes(30)));
    for (int i = 0; i < 3; i++) {
      policies.publish(List.of(), null, null);
    }
    test.execute("ALTER TABLE threshold_policy DISABLE TRIGGER USER");
    test.execute(
        "UPDATE threshold_policy SET published_at = now() - (3 - version) * interval '1 hour'");

    assertEquals(List.of(0, 2, 3), policies.versionsInForceFor(Duration.ofMinutes(30)));
    assertEquals(List.of(0, 1, 2, 3), policies.versionsInForceFor(Duration.ofMinutes(90)));
    assertEquals(List.of(0, 1, 2, 3), policies.versionsInForceFor(Duration.ofDays(1)));
  }
}
