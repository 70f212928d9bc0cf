package io.shelfcast.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.Baselines.Baseline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QualityGateTest {

  private static final GateLimits DEFAULTS = new GateLimits(0.01, 0.2, 0.001, 0.25, null, 1000);
  private static final Instant NOW = Instant.parse("2024-06-08T12:00:00Z");
  private static final long AT = 1_717_840_800_000_000L;

  @Test
  void rejectsAreJudgedByModelVersionAndInAllSoThatASmallOneCannotHideBehindALargeOne() {
    BatchProfile profile = new BatchProfile();
    profile.add(rows("large", 50, 1000, 0));
    profile.add(rows("small", 5, 200, 0));
    reject(profile, "small", 15, "score_out_of_range");

    assertThat(
        failed(judge(profile, Baselines.NONE, Extent.PART)), is(List.of("reject_share of small")));

    reject(profile, "large", 600, "score_out_of_range");
    assertThat(
        failed(judge(profile, Baselines.NONE, Extent.PART)),
        is(List.of("reject_share of large", "reject_share of small", "reject_share of all")));
  }

  @Test
  void rowsOfARetiredModelVersionAreExpectedToBeRejected() {
    BatchProfile profile = new BatchProfile();
    profile.add(rows("live", 20, 100, 0));
    reject(profile, "retired", 2000, "model_version_retired");

    assertThat(failed(judge(profile, Baselines.NONE, Extent.PART)), empty());
  }

  @Test
  void aFewRowsThatNameNoModelVersionDoNotRefuseALargeInput() {
    BatchProfile profile = new BatchProfile();
    profile.add(rows("m", 1000, 200, 0));
    reject(profile, "not a name", 1500, "row_wrong_shape");
    reject(profile, "unregistered", 400, "model_version_unknown");

    assertThat(failed(judge(profile, Baselines.NONE, Extent.PART)), empty());

    reject(profile, "not a name", 500, "row_wrong_shape");
    assertThat(
        failed(judge(profile, Baselines.NONE, Extent.PART)), is(List.of("reject_share of all")));
  }

  @Test
  void anInputOfNothingButRejectedRowsIsRefused() {
    BatchProfile profile = new BatchProfile();
    reject(profile, "m", 1000, "score_out_of_range");

    assertThat(
        failed(judge(profile, Baselines.NONE, Extent.PART)), is(List.of("reject_share of m")));
  }

  @Test
  void scoresThatAllButAFewShareAreNoHidingPlace() {
    long[] saturated = new long[ModelProfile.BINS];
    long[] halved = new long[ModelProfile.BINS];
    for (int row = 0; row < 100_000; row++) {
      int bin = row < 93_000 ? 997 : row < 98_000 ? row % 997 : 998 + row % 2;
      saturated[bin]++;
      halved[bin / 2]++;
    }

    assertThat(Psi.of(saturated, halved), greaterThan(5.0));
  }

  @Test
  void aStoreThatLostManyOfItsItemsIsFoundInACompleteInputOnly() {
    BatchProfile before = profile(rows("m", 100, 50, 0));
    BatchProfile after = new BatchProfile();
    ScoreBatch.Builder rows = ScoreBatch.builder("f", "m", 5000);
    for (int row = 0; row < 5000; row++) {
      if (row / 50 != 42 || row % 50 < 30) {
        rows.add(row, row / 50, row % 50, score(row), AT);
      }
    }
    after.add(rows.build(UUID.randomUUID()));

    assertThat(failed(judge(after, before, Extent.COMPLETE)), is(List.of("stores_short of m")));
    assertThat(failed(judge(after, before, Extent.PART)), empty());
    assertThat(failed(judge(before, after, Extent.COMPLETE)), empty());
  }

  @Test
  void aFewItemsLessInASmallStoreAreNothing() {
    BatchProfile before = profile(rows("m", 400, 8, 0));
    BatchProfile after = new BatchProfile();
    ScoreBatch.Builder rows = ScoreBatch.builder("f", "m", 5000);
    for (int row = 0; row < 3200; row++) {
      if (row % 8 < 4 || row / 8 % 10 != 0) {
        rows.add(row, row / 8, row % 8, score(row), AT);
      }
    }
    after.add(rows.build(UUID.randomUUID()));

    assertThat(failed(judge(after, before, Extent.COMPLETE)), empty());
  }

  @Test
  void severalSnapshotsInOneAreNotTakenForMoreItems() {
    BatchProfile three = new BatchProfile();
    for (int snapshot = 0; snapshot < 3; snapshot++) {
      three.add(rows("m", 100, 50, snapshot));
    }

    assertThat(failed(judge(profile(rows("m", 100, 50, 5)), three, Extent.COMPLETE)), empty());
  }

  @Property(tries = 30)
  void anyPartOfAnInputPassesAfterAnyOther(@ForAll long seed) {
    Random random = new Random(seed);
    double share = 0.3 + 0.7 * random.nextDouble();

    assertThat(failed(judge(part(random, share), part(random, share), Extent.PART)), empty());
  }

  @Test
  void anotherTimeOfDayIsJudgedLeniently() {
    BatchProfile before = profile(rows("m", 100, 50, 0));
    BatchProfile lower = new BatchProfile();
    BatchProfile muchLower = new BatchProfile();
    ScoreBatch.Builder rows = ScoreBatch.builder("f", "m", 5000);
    ScoreBatch.Builder muchLowerRows = ScoreBatch.builder("f", "m", 5000);
    for (int row = 0; row < 5000; row++) {
      rows.add(row, row / 50, row % 50, 0.8 * score(row), AT);
      muchLowerRows.add(row, row / 50, row % 50, 0.1 * score(row), AT);
    }
    lower.add(rows.build(UUID.randomUUID()));
    muchLower.add(muchLowerRows.build(UUID.randomUUID()));
    Baseline last = new Baseline("before", before.models().get("m"));

    assertThat(
        failed(judge(lower, new Baselines(last, last), Extent.PART)),
        is(List.of("distribution_shift of m")));
    assertThat(failed(judge(lower, new Baselines(last, null), Extent.PART)), empty());
    assertThat(
        failed(judge(muchLower, new Baselines(last, null), Extent.PART)),
        is(List.of("distribution_shift of m")));
  }

  @Test
  void theAgeOfTheNewestScoreIsJudgedIfThereIsALimit() {
    GateLimits limits = new GateLimits(0.01, 0.2, 0.001, 0.25, Duration.ofHours(1), 1000);
    BatchProfile profile = profile(rows("m", 1, 3, 0));

    List<GateCheck> checks =
        QualityGate.judge(profile, any -> Baselines.NONE, null, Extent.PART, limits, NOW);

    assertThat(failed(checks), is(List.of("newest_score_age of m")));
    assertThat(checks.get(0).value(), is(7200.0));
    assertThat(checks.get(0).limit(), is(3600.0));
  }

  @Property
  void theIndexOfAHistogramAgainstItselfIsNothingAndNeverNegative(@ForAll long seed) {
    Random random = new Random(seed);
    long[] some = histogram(random);
    long[] others = histogram(random);

    assertThat(Psi.of(some, some), is(0.0));
    assertThat(Psi.of(some, others) >= 0, is(true));
  }

  @Test
  void theIndexIsTheTextbooks() {
    // Ten groups of 100 each before; half of the first group's moved to the last.
    long[] before = new long[ModelProfile.BINS];
    long[] now = new long[ModelProfile.BINS];
    for (int group = 0; group < 10; group++) {
      before[group * 100] = 10_000;
      now[group * 100] = group == 0 ? 5_000 : group == 9 ? 15_000 : 10_000;
    }
    double expected = (0.05 - 0.1) * Math.log(0.05 / 0.1) + (0.15 - 0.1) * Math.log(0.15 / 0.1);

    assertThat(Psi.of(before, now), closeTo(expected, 1e-4));
    assertThat(Psi.of(before, before), lessThan(1e-12));
    assertThat(Psi.of(now, before), greaterThan(0.01));
  }

  private static long[] histogram(Random random) {
    long[] counts = new long[ModelProfile.BINS];
    for (int i = random.nextInt(200); i >= 0; i--) {
      counts[random.nextInt(counts.length)] += random.nextInt(1000);
    }
    return counts;
  }

  private static List<GateCheck> judge(BatchProfile profile, BatchProfile before, Extent extent) {
    Baseline last = new Baseline("before", before.models().get("m"));
    return judge(profile, new Baselines(last, last), extent);
  }

  private static List<GateCheck> judge(BatchProfile profile, Baselines baselines, Extent extent) {
    return QualityGate.judge(profile, any -> baselines, null, extent, DEFAULTS, NOW);
  }

  private static List<String> failed(List<GateCheck> checks) {
    List<String> failed = new ArrayList<>();
    for (GateCheck check : checks) {
      if (!check.passed()) {
        failed.add(check.name() + " of " + check.modelVersion());
      }
    }
    return failed;
  }

  private static BatchProfile profile(ScoreBatch rows) {
    BatchProfile profile = new BatchProfile();
    profile.add(rows);
    return profile;
  }

  private static ScoreBatch rows(String model, int stores, int itemsPerStore, int snapshot) {
    int count = stores * itemsPerStore;
    ScoreBatch.Builder rows = ScoreBatch.builder("f", model, count);
    for (int row = 0; row < count; row++) {
      rows.add(row, row / itemsPerStore, row % itemsPerStore, score(row), AT + snapshot);
    }
    return rows.build(UUID.randomUUID());
  }

  private static BatchProfile part(Random random, double share) {
    ScoreBatch.Builder rows = ScoreBatch.builder("f", "m", 50_000);
    for (int row = 0; row < 50_000; row++) {
      if (random.nextDouble() < share) {
        rows.add(row, row / 50, row % 50, score(row), AT);
      }
    }
    return profile(rows.build(UUID.randomUUID()));
  }

  private static double score(int row) {
    return 0.5 + (row * 7919 % 5000) / 10_001.0;
  }

  private static void reject(BatchProfile profile, String model, int rows, String reason) {
    List<RejectedRow> rejected = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      rejected.add(
          new RejectedRow("f", row, "{\"model_version\":\"" + model + "\"}", reason, "why"));
    }
    profile.add(new RejectedRows(UUID.randomUUID(), rejected));
  }
}
