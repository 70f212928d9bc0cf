package io.shelfcast.store;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.InvalidPolicyException;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdDelta;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import java.time.Duration;
import java.time.Instant;
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
    assertEquals(ThresholdPolicy.BUILT_IN, policies.inForce());
    assertEquals(Optional.of(ThresholdPolicy.BUILT_IN), policies.find(0));
    assertEquals(Optional.empty(), policies.find(1));
  }

  @Test
  void theLastPublishedIsInForceAndTheOthersStayAsTheyWere() {
    ThresholdPolicy first =
        policies.publish(
            new Publication(List.of(ANY, EVENING), 0, "anna", "a first try", null, 0.25));
    ThresholdPolicy second = policies.publish(rules(1, ANY));
    ThresholdPolicy third =
        policies.publish(new Publication(first.rules(), 2, null, "it was better", 1, null));
    assertEquals(1, first.version());
    assertEquals(second, policies.find(2).orElseThrow());
    assertEquals(third, policies.inForce());
    assertEquals(Optional.of(first), policies.find(1));
    assertEquals(List.of(ANY, EVENING), first.rules());
    List<PolicyLine> lines = policies.list();
    assertEquals(
        List.of(
            new PolicyLine(3, published(lines, 0), null, "it was better", 2, true, 1, null),
            new PolicyLine(2, published(lines, 1), null, null, 1, false, null, null),
            new PolicyLine(1, published(lines, 2), "anna", "a first try", 2, false, null, 0.25)),
        lines);
  }

  @Test
  void rulesThatTieAreNotPublished() {
    ThresholdRule other = new ThresholdRule("other", null, Map.of(), ANY.change());
    assertThrows(InvalidPolicyException.class, () -> policies.publish(rules(0, ANY, other)));
    assertEquals(List.of(), policies.list());
  }

  @Test
  void whatWasDecidedAgainstAnotherPolicyThanTheOneInForceIsNotPublished() {
    policies.publish(rules(0, ANY));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> policies.publish(rules(0, ANY, EVENING)));
    assertThat(
        refused.getMessage(),
        containsString("policy 1 was published meanwhile, so what was counted against policy 0"));
    assertEquals(1, policies.list().size());
  }

  @Test
  void rulesThatLeaveAServedVersionWithoutThresholdsAreNotPublished() {
    ModelRegistry models = new ModelRegistry(test.database());
    models.register("general-v1", ModelStatus.CANDIDATE);
    models.promote("general-v1");
    models.register("shadow-v1", ModelStatus.SHADOW);
    InvalidPolicyException refused =
        assertThrows(InvalidPolicyException.class, () -> policies.publish(rules(0, EVENING)));
    assertThat(
        refused.getMessage(),
        containsString("no rule sets thresholds for every item of general-v1, which is live; add"));
    assertEquals(List.of(), policies.list());
    assertEquals(1, policies.publish(rules(0, EVENING, ANY)).version());
  }

  @Test
  void theDatabaseItselfRefusesToChangeAPublishedPolicy() {
    policies.publish(rules(0, ANY));
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
  void ofThoseWhoPublishAtTheSameTimeOneGetsTheNextNumberAndTheOthersAreRefused() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> published = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        published.add(threads.submit(this::publishUntilDone));
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

  /** As an operator does, who looks at what is in force now and tries once more. */
  private int publishUntilDone() {
    while (true) {
      int inForce = policies.inForce().version();
      try {
        int version = policies.publish(rules(inForce, ANY)).version();
        assertEquals(inForce + 1, version);
        return version;
      } catch (IllegalStateException e) {
        assertThat(e.getMessage(), containsString("was published meanwhile"));
      }
    }
  }

  @Test
  void thoseThatTokensMayStillNameAreTheOnesInForceSinceThen() {
    PolicyStore policies = new PolicyStore(test.database());
    assertEquals(List.of(0), policies.versionsInForceFor(Duration.ofMinutes(30)));
    for (int i = 0; i < 3; i++) {
      policies.publish(rules(i));
    }
    test.execute("ALTER TABLE threshold_policy DISABLE TRIGGER USER");
    test.execute(
        "UPDATE threshold_policy SET published_at = now() - (3 - version) * interval '1 hour'");

    assertEquals(List.of(0, 2, 3), policies.versionsInForceFor(Duration.ofMinutes(30)));
    assertEquals(List.of(0, 1, 2, 3), policies.versionsInForceFor(Duration.ofMinutes(90)));
    assertEquals(List.of(0, 1, 2, 3), policies.versionsInForceFor(Duration.ofDays(1)));
  }

  private static Publication rules(int replaces, ThresholdRule... rules) {
    return new Publication(List.of(rules), replaces, null, null, null, null);
  }

  private static Instant published(List<PolicyLine> lines, int i) {
    return lines.get(i).publishedAt();
  }
}
