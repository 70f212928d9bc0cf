package io.shelfcast.fullsync;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate within the pipeline: what a reader sees, what the ledger says. */
class QualityGateTest {

  private static final String ALL =
      "SELECT count(*) || ' ' || sum(score)::numeric(9, 2) || ' ' || max(scored_at)"
          + " FROM current_score";
  private static final String TABLES =
      "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'availability_score_%'";

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  private String good = "";
  private String bad = "";
  private String before = "";

  @BeforeEach
  void oneGoodRun() throws IOException {
    good = csv("good.csv", "2024-06-08T06:00:00Z", 2000, row -> 0.5 + row / 5000.0);
    bad = csv("bad.csv", "2024-06-09T06:00:00Z", 2000, row -> 0.25 + row / 10000.0);
    FullSync.sync(test, good);
    before = one(ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"merge", "snapshot"})
  void aRefusedRunChangesNothingThatAReaderSees(String mode) {
    String tables = one(TABLES);

    RunResult refused = FullSync.run(test, bad, "--writeMode=" + mode);

    assertThat(refused.summary().status(), is(RunStatus.REFUSED));
    assertThat(refused.summary().counts(), is(RowCounts.NONE));
    assertThat(
        refused.summary().error(),
        startsWith("refused by the quality gate: distribution_shift of general-v1 is "));
    assertThat(one(ALL), is(before));
    assertThat(one(TABLES), is(tables));
    assertThat(one("SELECT count(*) FROM sync_run_snapshot"), is("0"));
    assertThat(one("SELECT count(*) FROM sync_run_batch"), is("0"));
    assertThat(
        one(
            "SELECT status || ' ' || gate || ' ' || (profile->'model_versions'->'general-v1'->'rows')"
                + " FROM sync_run ORDER BY started_at DESC LIMIT 1"),
        is("refused refused 2000"));
    assertThrows(IllegalStateException.class, refused::orThrow);
  }

  @Test
  void aRefusedRunIsNotWhatTheNextOneIsComparedWith() {
    FullSync.run(test, bad);

    assertThat(FullSync.run(test, bad).summary().status(), is(RunStatus.REFUSED));
    assertThat(FullSync.run(test, good).summary().status(), is(RunStatus.SUCCEEDED));
  }

  @Test
  void aForcedRunIsWrittenWithItsReasonAndIsTheNewMeasure() {
    RunResult forced = FullSync.run(test, bad, "--force", "--reason=the model was retrained");

    assertThat(forced.summary().status(), is(RunStatus.SUCCEEDED));
    assertThat(forced.summary().gate(), is(GateVerdict.FORCED));
    assertThat(
        one("SELECT gate_reason FROM sync_run WHERE gate = 'forced'"),
        is("the model was retrained"));
    assertThat(FullSync.run(test, bad).summary().gate(), is(GateVerdict.PASSED));
  }

  @Test
  void withWarnItIsWrittenAndNoted() {
    RunResult warned = FullSync.run(test, bad, "--gate=warn");

    assertThat(warned.summary().counts(), is(new RowCounts(0, 2000, 0, 0)));
    assertThat(warned.summary().gate(), is(GateVerdict.WARNED));
    assertThat(
        one(
            "SELECT string_agg(c->>'check', ',') FROM sync_run, jsonb_array_elements(checks) c"
                + " WHERE gate = 'warned' AND NOT (c->>'passed')::boolean"),
        is("distribution_shift"));
  }

  @Test
  void withoutTheGateNobodyLooks() {
    RunResult unseen = FullSync.run(test, bad, "--gate=off");

    assertThat(unseen.summary().status(), is(RunStatus.SUCCEEDED));
    assertThat(one("SELECT count(*) FROM sync_run WHERE gate IS NULL"), is("1"));
  }

  @Test
  void rejectedRowsOfARefusedRunAreNoDeadLettersButTheProfileShowsSome() throws IOException {
    Path file = folder.resolve("rejects.csv");
    StringBuilder rows = new StringBuilder("store_id,product_id,model_version,score,scored_at\n");
    for (int row = 0; row < 2000; row++) {
      rows.append(
          "%d,%d,general-v1,%s,2024-06-08T06:00:00Z\n"
              .formatted(
                  row % 20, row, row % 50 == 0 ? "1.5" : "0.%03d".formatted(500 + row % 400)));
    }
    Files.writeString(file, rows);

    RunResult refused = FullSync.run(test, "--input=" + file);

    assertThat(refused.summary().status(), is(RunStatus.REFUSED));
    assertThat(
        refused.summary().error(),
        containsString(
            "reject_share of general-v1 is 0.02000, more than 0.01000: 40 of 2,000 rows"));
    assertThat(one("SELECT count(*) FROM dead_letter"), is("0"));
    assertThat(
        one(
            "SELECT jsonb_array_length(profile->'rejected_examples'->'score_out_of_range')"
                + " FROM sync_run WHERE gate = 'refused'"),
        is("3"));
    assertThat(one(ALL), is(before));

    RunResult forced = FullSync.run(test, "--input=" + file, "--maxRejectShare=0.05");
    assertThat(forced.summary().counts().rejected(), is(40L));
    assertThat(one("SELECT count(*) FROM dead_letter"), is("40"));
  }

  @Test
  void aCompleteInputThatLostStoresIsRefusedWhereAPartIsNot() throws IOException {
    String half = csv("half.csv", "2024-06-09T06:00:00Z", 1000, row -> 0.5 + row / 2500.0);

    RunResult complete = FullSync.run(test, half, "--inputIsComplete");

    assertThat(complete.summary().status(), is(RunStatus.REFUSED));
    assertThat(
        complete.summary().error(),
        containsString(
            "row_drop of general-v1 is 0.5000, more than 0.2000: 1,000 items, 2,000 in"));
    assertThat(FullSync.run(test, half).summary().status(), is(RunStatus.SUCCEEDED));
  }

  @Test
  void aCompleteInputWithoutARowOfItsModelVersionIsRefused() throws IOException {
    String none = csv("none.csv", "2024-06-09T06:00:00Z", 0, row -> 0);

    RunResult refused = FullSync.run(test, none, "--inputIsComplete", "--modelVersion=general-v1");

    assertThat(refused.summary().status(), is(RunStatus.REFUSED));
    assertThat(
        refused.summary().error(),
        containsString("row_drop of general-v1 is 1.000, more than 0.2"));
    assertThat(FullSync.run(test, none).summary().status(), is(RunStatus.SUCCEEDED));
  }

  @Test
  void fewRowsAreNotJudgedByTheirShape() throws IOException {
    String few = csv("few.csv", "2024-06-09T06:00:00Z", 999, row -> 0.1);

    assertThat(FullSync.run(test, few).summary().gate(), is(GateVerdict.PASSED));
    assertThat(
        FullSync.run(test, few, "--gateMinRows=999").summary().status(), is(RunStatus.REFUSED));
  }

  @Test
  void scoresThatAreTooOldAreRefusedIfSomebodySaysHowOldTheyMayBe() {
    RunResult refused = FullSync.run(test, good, "--maxScoreAge=P30D");

    assertThat(
        refused.summary().error(), containsString("the newest score was made at 2024-06-08T06:00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--force | --force needs --reason=",
        "--reason=x | --reason is for --force",
        "--maxRejectShare=1.5 | --maxRejectShare is 1.5; it has to be from 0 to 1",
        "--maxPsi=0 | --maxPsi is 0.0; it has to be above 0",
        "--maxScoreAge=PT0S | --maxScoreAge is PT0S; it has to be above zero",
        "--gateMinRows=0 | --gateMinRows is 0; it has to be 1 or more"
      })
  void aSettingThatCannotBeIsRefusedAtOnce(String option, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> FullSync.run(test, good, option));

    assertThat(refused.getMessage(), startsWith(message));
  }

  private String one(String sql) {
    return test.query(sql).get(0);
  }

  private String csv(String name, String scoredAt, int rows, IntToDoubleFunction score)
      throws IOException {
    StringBuilder text = new StringBuilder("store_id,product_id,model_version,score,scored_at\n");
    for (int row = 0; row < rows; row++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%d,general-v1,%.5f,%s%n",
              row / 100,
              row % 100,
              score.applyAsDouble(row),
              scoredAt));
    }
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return "--input=" + file;
  }
}
