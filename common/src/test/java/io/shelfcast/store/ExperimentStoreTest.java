package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExperimentStoreTest {

  private static final String SHARES =
      "SELECT model_version, allocated_percent, served_percent FROM experiment_share ORDER BY 1";
  private static final Map<String, Set<String>> ALL = Map.of();

  private final TestDatabase test = TestDatabase.create();
  private final ModelRegistry registry = new ModelRegistry(test.database());
  private final ExperimentStore experiments = new ExperimentStore(test.database());

  @BeforeEach
  void register() {
    registry.register("a", ModelStatus.CANDIDATE);
    registry.register("b", ModelStatus.CANDIDATE);
    registry.register("live", ModelStatus.CANDIDATE);
    registry.promote("live");
    registry.register("shadow", ModelStatus.SHADOW);
  }

  @Test
  void whatIsSetIsFoundAgain() {
    assertEquals(Optional.empty(), experiments.find());
    Map<String, Set<String>> segments = Map.of("city", Set.of("13", "12"), "tier", Set.of("\"o\\"));
    Experiment set = experiments.set(shares("a", "5", "b", "10.5"), segments, false);
    assertEquals(Optional.of(set), experiments.find());
    assertEquals(segments, set.segments());
    assertEquals(
        Map.of((short) 1, new Percentage(50), (short) 2, new Percentage(105)),
        set.allocation().percentages());
    assertEquals(
        List.of("[\"12\", \"13\"]"), test.query("SELECT segments->'city' FROM experiment"));
  }

  @Test
  void anyoneCanReadTheSharesInSql() {
    experiments.set(shares("a", "5", "b", "10.5"), ALL, false);
    assertEquals(List.of("a|5.0|5.0", "b|10.5|10.5", "live|0.0|84.5"), test.query(SHARES));
    assertEquals(
        List.of(
            new ExperimentShare("live", ModelStatus.LIVE, new Percentage(0), new Percentage(845)),
            new ExperimentShare(
                "b", ModelStatus.CANDIDATE, new Percentage(105), new Percentage(105)),
            new ExperimentShare(
                "a", ModelStatus.CANDIDATE, new Percentage(50), new Percentage(50))),
        experiments.shares());
  }

  @Test
  void aUsersBucketCanBeComputedInSql() {
    Experiment set = experiments.set(shares("a", "5"), ALL, false);
    for (String user : List.of("u1", "käufer-3", "")) {
      assertEquals(
          List.of(String.valueOf(set.bucket(user))),
          test.query(
              "SELECT ('x' || left(encode(sha256(convert_to(salt || ':%s', 'UTF8')), 'hex'),"
                      .formatted(user)
                  + " 8))::bit(32)::bigint % 1000 FROM experiment"));
    }
  }

  @Test
  void aChangeKeepsTheSaltAndTheUsersUnlessTheyAreToBeDealtAnew() {
    Experiment first = experiments.set(shares("a", "5"), ALL, false);
    Experiment grown = experiments.set(shares("a", "20", "b", "5"), ALL, false);
    assertEquals(first.salt(), grown.salt());
    for (int i = 0; i < 50; i++) {
      assertEquals(1, grown.allocation().candidate(i));
    }
    assertNotEquals(first.salt(), experiments.set(shares("a", "20"), ALL, true).salt());
  }

  @Test
  void whatIsNoCandidateIsRefusedAndChangesNothing() {
    Experiment before = experiments.set(shares("a", "5"), ALL, false);
    assertRefused("'nope' is not registered; see ./shelfcast models list", "nope");
    assertRefused("models register shadow --status=candidate", "shadow");
    assertRefused("'live' is live: it gets all users that no candidate gets", "live");
    assertThrows(
        IllegalArgumentException.class,
        () -> experiments.set(shares("a", "50", "b", "50.1"), ALL, false));
    registry.retire("b", Duration.ofDays(1));
    assertRefused("'b' is retired", "b");
    assertEquals(Optional.of(before), experiments.find());
  }

  private void assertRefused(String message, String name) {
    Map<String, Percentage> shares = shares("a", "7", name, "5");
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> experiments.set(shares, ALL, false));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aPromotedCandidatesUsersGetTheLiveVersionAndTheirOwnAgainAfterTheRollback() {
    Experiment before = experiments.set(shares("a", "5", "b", "10"), ALL, false);
    registry.promote("a");
    assertEquals(
        Map.of((short) 2, new Percentage(100)),
        experiments.find().orElseThrow().allocation().percentages());
    assertEquals(List.of("a|5.0|90.0", "b|10.0|10.0"), test.query(SHARES));
    registry.promote("live");
    assertEquals(Optional.of(before), experiments.find());
  }

  @Test
  void aRetiredCandidatesUsersGetTheLiveVersionUntilTheNextChangeLetsGoOfThem() {
    experiments.set(shares("a", "5", "b", "10"), ALL, false);
    registry.retire("b", Duration.ofDays(1));
    assertEquals(List.of("a|5.0|5.0", "b|10.0|0.0", "live|0.0|95.0"), test.query(SHARES));
    experiments.set(shares("a", "5"), ALL, false);
    registry.register("b", ModelStatus.CANDIDATE);
    assertEquals(List.of("a|5.0|5.0", "live|0.0|95.0"), test.query(SHARES));
  }

  @Test
  void stoppingGivesEverybodyTheLiveVersionAndKeepsTheSalt() {
    experiments.stop();
    assertEquals(Optional.empty(), experiments.find());
    Experiment before = experiments.set(shares("a", "5"), Map.of("city", Set.of("1")), false);
    experiments.stop();
    Experiment stopped = experiments.find().orElseThrow();
    assertEquals(Map.of(), stopped.allocation().percentages());
    assertEquals(ALL, stopped.segments());
    assertEquals(before.salt(), stopped.salt());
    assertEquals(List.of("live|0.0|100.0"), test.query(SHARES));
  }

  @Test
  void changesAtOnceAreMadeOneAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Experiment>> changes = new ArrayList<>();
      for (int i = 1; i <= 16; i++) {
        Map<String, Percentage> shares = shares("a", String.valueOf(i), "b", "1");
        changes.add(threads.submit(() -> experiments.set(shares, ALL, false)));
      }
      Set<String> salts = new HashSet<>();
      for (Future<Experiment> change : changes) {
        salts.add(change.get().salt());
      }
      assertEquals(1, salts.size(), "the first one's salt is kept by all others");
    } finally {
      threads.shutdownNow();
    }
  }

  private static Map<String, Percentage> shares(String name, String percent) {
    return Map.of(name, Percentage.parse(percent));
  }

  private static Map<String, Percentage> shares(
      String name, String percent, String other, String otherPercent) {
    return Map.of(name, Percentage.parse(percent), other, Percentage.parse(otherPercent));
  }
}
