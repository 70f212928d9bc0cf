package io.shelfcast.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExperimentTest {

  private static final short CANDIDATE = 7;
  private static final Allocation EVERYBODY =
      Allocation.ALL_LIVE.withPercentages(Map.of(CANDIDATE, new Percentage(1000)));

  /** Computed elsewhere: {@code printf 'salt:u1' | sha256sum | head -c 8}. Never to change. */
  @Test
  void theBucketOfAUserIsTheSameEverywhereAndForEver() {
    Experiment experiment = new Experiment("salt", EVERYBODY, Map.of());
    assertEquals(157, experiment.bucket("u1"));
    assertEquals(825, experiment.bucket("u2"));
    assertEquals(720, experiment.bucket("käufer-3"));
    assertEquals(941, new Experiment("pepper", EVERYBODY, Map.of()).bucket("u1"));
  }

  @Test
  void usersSpreadEvenlyOverTheBuckets() {
    assertUniform(IntStream.range(0, 200_000).mapToObj(user -> "user-" + user), "a");
    assertUniform(IntStream.range(0, 200_000).mapToObj(String::valueOf), "b");
  }

  private static void assertUniform(Stream<String> users, String salt) {
    Experiment experiment = new Experiment(salt, EVERYBODY, Map.of());
    int[] counts = new int[Allocation.BUCKETS];
    users.forEach(user -> counts[experiment.bucket(user)]++);
    double chiSquare =
        IntStream.of(counts).mapToDouble(count -> (count - 200.0) * (count - 200.0) / 200).sum();
    // 999 degrees of freedom: mean 999, standard deviation 45; so 5 of those to either side.
    assertTrue(chiSquare > 775 && chiSquare < 1225, "chi-square " + chiSquare);
  }

  @Test
  void anotherSaltDealsUsersAnewAndIndependently() {
    Allocation half = Allocation.ALL_LIVE.withPercentages(Map.of(CANDIDATE, new Percentage(500)));
    Experiment one = new Experiment("one", half, Map.of());
    Experiment two = new Experiment("two", half, Map.of());
    long both =
        IntStream.range(0, 10_000)
            .mapToObj(user -> "user-" + user)
            .filter(user -> one.assign(user, Map.of()) == two.assign(user, Map.of()))
            .count();
    assertTrue(both > 4_750 && both < 5_250, both + " of 10,000 got the same again");
  }

  @Test
  void onlyUsersInEverySegmentTakePart() {
    Experiment experiment =
        new Experiment(
            "salt", EVERYBODY, Map.of("city", Set.of("12", "13"), "tier", Set.of("gold")));
    assertEquals(CANDIDATE, experiment.assign("u1", Map.of("city", "13", "tier", "gold")));
    assertEquals(Allocation.LIVE, experiment.assign("u1", Map.of("city", "14", "tier", "gold")));
    assertEquals(Allocation.LIVE, experiment.assign("u1", Map.of("city", "13")));
    assertEquals(Allocation.LIVE, experiment.assign("u1", Map.of()));
  }

  @Test
  void whoIsNoKnownUserGetsTheLiveVersion() {
    Experiment experiment = new Experiment("salt", EVERYBODY, Map.of());
    assertEquals(CANDIDATE, experiment.assign("u1", Map.of()));
    assertEquals(Allocation.LIVE, experiment.assign("", Map.of()));
    assertEquals(Allocation.LIVE, experiment.assign(null, Map.of()));
  }

  @Test
  void thoseWhoGetTheLiveVersionByLotTakePartAsWell() {
    Allocation half = Allocation.ALL_LIVE.withPercentages(Map.of(CANDIDATE, new Percentage(500)));
    Experiment experiment = new Experiment("salt", half, Map.of("city", Set.of("12")));
    // The buckets of u1 and u2 are 157 and 825.
    assertEquals(CANDIDATE, experiment.assign("u1", Map.of("city", "12")));
    assertEquals(Allocation.LIVE, experiment.assign("u2", Map.of("city", "12")));
    assertTrue(experiment.takesPart("u2", Map.of("city", "12")));
    assertFalse(experiment.takesPart("u2", Map.of("city", "13")));
    assertFalse(experiment.takesPart(null, Map.of("city", "12")));
    assertFalse(new Experiment("salt", Allocation.ALL_LIVE, Map.of()).takesPart("u2", Map.of()));
  }

  @Test
  void aSegmentWithoutANameOrAValueIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Experiment("salt", EVERYBODY, Map.of("city", Set.of())));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Experiment("salt", EVERYBODY, Map.of(" ", Set.of("1"))));
  }
}
