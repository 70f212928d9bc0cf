package io.shelfcast.store;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.Baselines;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.quality.ModelProfile;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunProfilesTest {

  private static final String MODEL = "general-v1";

  private final TestDatabase test = TestDatabase.create();
  private final RunProfiles profiles = new RunProfiles(test.database());

  @Test
  void aModelVersionsFirstRunHasNothingToCompareWith() {
    succeeded("2024-06-08T06:00:00Z", "another", Extent.COMPLETE);

    assertEquals(Baselines.NONE, baselines("2024-06-08T06:00:00Z", Extent.COMPLETE));
  }

  @Test
  void shapesAreComparedWithTheLastRunOfTheSameTimeOfDay() {
    String morning = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    String noon = succeeded("2024-06-08T12:00:00Z", MODEL, Extent.COMPLETE);

    Baselines nextMorning = baselines("2024-06-09T07:15:00Z", Extent.COMPLETE);
    assertThat(runId(nextMorning.last()), is(noon));
    assertThat(runId(nextMorning.alike()), is(morning));
    assertThat(runId(baselines("2024-06-09T18:00:00Z", Extent.COMPLETE).alike()), is(nullValue()));
    assertThat(runId(baselines("2025-01-01T10:31:00Z", Extent.COMPLETE).alike()), is(noon));
    assertThat(runId(baselines("2025-01-01T10:29:00Z", Extent.COMPLETE).alike()), is(nullValue()));
  }

  @Test
  void midnightIsNoBorder() {
    String late = succeeded("2024-06-08T23:30:00Z", MODEL, Extent.COMPLETE);

    assertThat(runId(baselines("2024-06-10T00:30:00Z", Extent.COMPLETE).alike()), is(late));
    assertThat(runId(baselines("2024-06-01T00:30:00Z", Extent.COMPLETE).alike()), is(late));
  }

  @Test
  void anInputOfSeveralDaysIsNotLikeOneOfAMoment() {
    record(
        "2024-06-01T06:00:00Z", "2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE, GateVerdict.PASSED);

    assertThat(runId(baselines("2024-06-09T06:00:00Z", Extent.COMPLETE).alike()), is(nullValue()));
  }

  @Test
  void incrementsAndWholesAreNotCompared() {
    String whole = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    String increment = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.INCREMENT);

    assertThat(runId(baselines("2024-06-08T06:00:00Z", Extent.COMPLETE).last()), is(whole));
    assertThat(runId(baselines("2024-06-08T06:00:00Z", Extent.INCREMENT).last()), is(increment));
  }

  @Test
  void aCompleteInputIsComparedWithACompleteOne() {
    String complete = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    String part = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.PART);

    assertThat(runId(baselines("2024-06-08T06:00:00Z", Extent.COMPLETE).last()), is(complete));
    assertThat(runId(baselines("2024-06-08T06:00:00Z", Extent.PART).last()), is(part));
  }

  @Test
  void theSameSourceGoesFirst() {
    String same = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    String other = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    test.execute("UPDATE sync_run SET source = 'elsewhere' WHERE run_id = '%s'".formatted(other));

    assertThat(runId(baselines("2024-06-08T06:00:00Z", Extent.COMPLETE).last()), is(same));
  }

  @Test
  void onlyRunsThatSucceededCount() {
    String refused =
        record("2024-06-08T06:00:00Z", null, MODEL, Extent.COMPLETE, GateVerdict.REFUSED);
    String running = Runs.start(test.database());
    profiles.record(
        new RunProfiles.Judged(running, Extent.COMPLETE, 1),
        profile("2024-06-08T06:00:00Z", null, MODEL),
        List.of(),
        GateVerdict.PASSED,
        null);

    assertThat(
        one("SELECT status FROM sync_run WHERE run_id = '%s'".formatted(refused)), is("refused"));
    assertEquals(Baselines.NONE, baselines("2024-06-08T06:00:00Z", Extent.COMPLETE));
  }

  @Test
  void aVerdictIsKeptOnceAndForAll() {
    String runId = Runs.start(test.database());
    RunProfiles.Judged run = new RunProfiles.Judged(runId, Extent.COMPLETE, 1);
    BatchProfile profile = profile("2024-06-08T06:00:00Z", null, MODEL);
    List<GateCheck> checks =
        List.of(new GateCheck("row_drop", MODEL, false, 0.5, 0.2, "5 items, 10 before"));

    assertTrue(profiles.verdict(runId).isEmpty());
    assertTrue(profiles.record(run, profile, checks, GateVerdict.FORCED, "because"));
    assertFalse(profiles.record(run, profile, List.of(), GateVerdict.PASSED, null));

    assertEquals(GateVerdict.FORCED, profiles.verdict(runId).orElseThrow());
    assertEquals(checks, profiles.checks(runId));
  }

  @Test
  void refusalsWithoutEndDoNotPushOutWhatTheyAreComparedWith() {
    String good = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    for (int run = 0; run < 50; run++) {
      record("2024-06-09T06:00:00Z", null, MODEL, Extent.COMPLETE, GateVerdict.REFUSED);
    }

    Baselines found = baselines("2024-06-09T06:00:00Z", Extent.COMPLETE);
    assertThat(runId(found.last()), is(good));
    assertThat(runId(found.alike()), is(good));
    // Of those that are over; the last one was judged before it was.
    assertThat(one("SELECT count(profile) FROM sync_run_profile"), is("2"));
  }

  @Test
  void ofEachHourOfTheDayTheLastProfileStays() {
    for (int day = 1; day <= 9; day++) {
      for (int hour : new int[] {6, 12, 18}) {
        succeeded("2024-06-0%dT%02d:00:00Z".formatted(day, hour), MODEL, Extent.COMPLETE);
      }
    }

    assertThat(one("SELECT count(*) FROM sync_run_profile"), is("27"));
    // And one that had not ended yet when the last run was judged.
    assertThat(one("SELECT count(profile) FROM sync_run_profile"), is("4"));
    assertThat(
        runId(baselines("2024-06-10T12:00:00Z", Extent.COMPLETE).alike()),
        is(one("SELECT run_id FROM sync_run_profile WHERE made = '2024-06-09T12:00:00Z'")));
  }

  @Test
  void aFewCorrectionsAreNoMeasureForALargeInput() {
    String large =
        record("2024-06-08T06:00:00Z", null, MODEL, 500, Extent.PART, GateVerdict.PASSED);
    String few = record("2024-06-08T06:00:00Z", null, MODEL, 20, Extent.PART, GateVerdict.PASSED);

    RunProfiles.Judged run = new RunProfiles.Judged(Runs.start(test.database()), Extent.PART, 10);
    ModelProfile again = profile("2024-06-09T06:00:00Z", null, MODEL, 600).models().get(MODEL);
    assertThat(runId(profiles.baselines(run, MODEL, again).last()), is(large));
    assertThat(runId(profiles.baselines(run, MODEL, again).alike()), is(large));
    ModelProfile small = profile("2024-06-09T06:00:00Z", null, MODEL, 30).models().get(MODEL);
    assertThat(runId(profiles.baselines(run, MODEL, small).last()), is(few));
    RunProfiles.Judged strict =
        new RunProfiles.Judged(Runs.start(test.database()), Extent.PART, 1000);
    assertEquals(Baselines.NONE, profiles.baselines(strict, MODEL, again));
  }

  @Test
  void whatWasOnlyWarnedAboutIsNoMeasure() {
    String good = succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    record("2024-06-09T06:00:00Z", null, MODEL, Extent.COMPLETE, GateVerdict.WARNED);

    assertThat(runId(baselines("2024-06-10T06:00:00Z", Extent.COMPLETE).alike()), is(good));
  }

  @Test
  void whatWasForcedThroughIsTheMeasureForEveryTimeOfDay() {
    succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    succeeded("2024-06-08T12:00:00Z", MODEL, Extent.COMPLETE);
    String forced =
        record("2024-06-09T06:00:00Z", null, MODEL, Extent.COMPLETE, GateVerdict.FORCED);

    Baselines noon = baselines("2024-06-09T12:00:00Z", Extent.COMPLETE);
    assertThat(runId(noon.alike()), is(nullValue()));
    assertThat(runId(noon.last()), is(forced));
    assertThat(runId(baselines("2024-06-10T06:00:00Z", Extent.COMPLETE).alike()), is(forced));
  }

  @Test
  void aSingleLateRowDoesNotMakeAnotherTimeOfDay() {
    String morning =
        record("2024-06-08T06:00:00Z", null, MODEL, 1000, Extent.COMPLETE, GateVerdict.PASSED);
    BatchProfile late = profile("2024-06-09T06:00:00Z", null, MODEL, 1000);
    late.merge(profile("2024-06-09T18:00:00Z", null, MODEL, 1));

    RunProfiles.Judged run =
        new RunProfiles.Judged(Runs.start(test.database()), Extent.COMPLETE, 1);
    assertThat(
        runId(profiles.baselines(run, MODEL, late.models().get(MODEL)).alike()), is(morning));
  }

  private Baselines baselines(String scoredAt, Extent extent) {
    RunProfiles.Judged run = new RunProfiles.Judged(Runs.start(test.database()), extent, 1);
    ModelProfile profile = profile(scoredAt, null, MODEL).models().get(MODEL);
    return profiles.baselines(run, MODEL, profile);
  }

  private String succeeded(String scoredAt, String model, Extent extent) {
    return record(scoredAt, null, model, extent, GateVerdict.PASSED);
  }

  private String record(
      String oldest, @Nullable String newest, String model, Extent extent, GateVerdict verdict) {
    return record(oldest, newest, model, 2, extent, verdict);
  }

  private String record(
      String oldest,
      @Nullable String newest,
      String model,
      int rows,
      Extent extent,
      GateVerdict verdict) {
    String runId = Runs.start(test.database());
    profiles.record(
        new RunProfiles.Judged(runId, extent, 1),
        profile(oldest, newest, model, rows),
        List.of(),
        verdict,
        null);
    new RunLedger(test.database()).succeed(runId, InputSize.NONE);
    return runId;
  }

  private static BatchProfile profile(String oldest, @Nullable String newest, String model) {
    return profile(oldest, newest, model, 2);
  }

  /** Half of the rows of each of the two times. */
  private static BatchProfile profile(
      String oldest, @Nullable String newest, String model, int count) {
    ScoreBatch.Builder rows = ScoreBatch.builder("f", model, count);
    for (int row = 0; row < count; row++) {
      String time = newest == null || row < count / 2 ? oldest : newest;
      rows.add(row, 1, row, 0.5, Micros.of(Instant.parse(time)));
    }
    BatchProfile profile = new BatchProfile();
    profile.add(rows.build(UUID.randomUUID()));
    return profile;
  }

  private String one(String sql) {
    return test.query(sql).get(0);
  }

  private static @Nullable String runId(Baselines.@Nullable Baseline baseline) {
    return baseline == null ? null : baseline.runId();
  }
}
