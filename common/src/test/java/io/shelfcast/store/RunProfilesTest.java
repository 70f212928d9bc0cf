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
        new RunProfiles.Judged(running, Extent.COMPLETE),
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
    RunProfiles.Judged run = new RunProfiles.Judged(runId, Extent.COMPLETE);
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
  void onlyTheLastThirtyProfilesKeepTheirBytes() {
    for (int run = 0; run < 32; run++) {
      succeeded("2024-06-08T06:00:00Z", MODEL, Extent.COMPLETE);
    }

    assertThat(one("SELECT count(profile) FROM sync_run_profile"), is("30"));
    assertThat(one("SELECT count(*) FROM sync_run_profile"), is("32"));
  }

  private Baselines baselines(String scoredAt, Extent extent) {
    RunProfiles.Judged run = new RunProfiles.Judged(Runs.start(test.database()), extent);
    ModelProfile profile = profile(scoredAt, null, MODEL).models().get(MODEL);
    return profiles.baselines(run, MODEL, profile);
  }

  private String succeeded(String scoredAt, String model, Extent extent) {
    return record(scoredAt, null, model, extent, GateVerdict.PASSED);
  }

  private String record(
      String oldest, @Nullable String newest, String model, Extent extent, GateVerdict verdict) {
    String runId = Runs.start(test.database());
    profiles.record(
        new RunProfiles.Judged(runId, extent),
        profile(oldest, newest, model),
        List.of(),
        verdict,
        null);
    new RunLedger(test.database()).succeed(runId, InputSize.NONE);
    return runId;
  }

  private static BatchProfile profile(String oldest, @Nullable String newest, String model) {
    ScoreBatch.Builder rows = ScoreBatch.builder("f", model, 2);
    rows.add(1, 1, 1, 0.5, Micros.of(Instant.parse(oldest)));
    rows.add(2, 1, 2, 0.5, Micros.of(Instant.parse(newest == null ? oldest : newest)));
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
