package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

  private final TestDatabase test = TestDatabase.create();
  private final RunLedger ledger = new RunLedger(test.database());
  private final RunHistory history = new RunHistory(test.database());

  @Test
  void runsComeNewestFirstByStatusAndModelVersionAndNotMoreThanAskedFor() {
    String first = run("a");
    String second = run("b");
    String third = run(null);
    ledger.fail(second, "broken");
    record(third, "a");
    assertEquals(List.of(third, second, first), ids(history.list(null, null, 10)));
    assertEquals(List.of(third, second), ids(history.list(null, null, 2)));
    assertEquals(List.of(second), ids(history.list(RunStatus.FAILED, null, 10)));
    assertEquals(List.of(third, first), ids(history.list(null, "a", 10)));
    assertEquals("a", history.list(null, null, 1).get(0).modelVersion(), "as its rows say");
    assertEquals(Optional.of(third), history.last());
    assertEquals(Optional.empty(), history.find("nope"));
  }

  private String run(String modelVersion) {
    String runId = Runs.start(test.database());
    if (modelVersion != null) {
      test.execute(
          "UPDATE sync_run SET model_version = '%s' WHERE run_id = '%s'"
              .formatted(modelVersion, runId));
    }
    return runId;
  }

  private static List<String> ids(List<RunLine> runs) {
    return runs.stream().map(RunLine::runId).toList();
  }

  private void record(String runId, String modelVersion) {
    BatchProfile profile = new BatchProfile();
    profile.add(
        Scores.batch(modelVersion, List.of(row(1, 1, 0, 0), row(1, 2, 0.52, 3), row(2, 1, 1, 9))));
    profile.add(
        new RejectedRows(
            UUID.randomUUID(),
            List.of(
                new RejectedRow(
                    "f.csv",
                    4,
                    "{\"model_version\":\"%s\"}".formatted(modelVersion),
                    "score_out_of_range",
                    "score is 1.5"))));
    new RunProfiles(test.database())
        .record(
            new RunProfiles.Judged(runId, Extent.COMPLETE, 1),
            profile,
            List.of(
                new GateCheck("reject_share", modelVersion, false, 0.25, 0.01, "1 of 4"),
                new GateCheck("psi", modelVersion, true, 0.01, 0.25, "much as before")),
            GateVerdict.FORCED,
            "we know");
  }

  @Test
  void whatTheGateSawOfARunIsReadBackWhole() {
    String runId = run(null);
    record(runId, "a");
    RunDetails run = history.find(runId).orElseThrow();
    assertEquals(GateVerdict.FORCED, run.run().gate());
    assertEquals("we know", run.gateReason());
    assertEquals(List.of(false, true), run.checks().stream().map(GateCheck::passed).toList());
    ProfiledModel model = run.models().get(0);
    assertEquals("a", model.modelVersion());
    assertEquals(3, model.rows());
    assertEquals(1, model.rejected());
    assertEquals(Map.of("score_out_of_range", 1L), model.rejectedByReason());
    assertEquals(2, model.stores());
    assertEquals(3, model.items());
    ProfiledModel.Scores scores = assertThere(model.scores());
    assertEquals(1.52 / 3, scores.mean(), 1e-9);
    assertEquals(1.0 / 3, scores.shareOfZeros(), 1e-9);
    assertEquals(1.0 / 3, scores.shareOfOnes(), 1e-9);
    assertEquals(Instant.parse("2024-06-08T06:00:00Z"), scores.oldest());
    assertEquals(Instant.parse("2024-06-08T06:00:09Z"), scores.newest());
    assertEquals(20, scores.histogram().size());
    assertEquals(
        List.of(1L, 1L, 1L),
        List.of(scores.histogram().get(0), scores.histogram().get(10), scores.histogram().get(19)));
    assertEquals(
        Map.of("score_out_of_range", List.of("f.csv, 4: score is 1.5")), run.rejectedExamples());
  }

  @Test
  void aModelVersionWithoutARowThatWasTakenInHasNoScores() {
    String runId = run(null);
    BatchProfile profile = new BatchProfile();
    profile.add(
        new RejectedRows(
            UUID.randomUUID(), List.of(new RejectedRow("f", 1, "no row", "wrong", "is wrong"))));
    new RunProfiles(test.database())
        .record(
            new RunProfiles.Judged(runId, Extent.PART, 1),
            profile,
            List.of(),
            GateVerdict.PASSED,
            null);
    ProfiledModel model = history.find(runId).orElseThrow().models().get(0);
    assertEquals(BatchProfile.UNKNOWN, model.modelVersion());
    assertNull(model.scores());
  }

  @Test
  void aRunThatLastsCountsWhatItsBatchesCameToAndOneFromBeforeTheGateHasNoProfile() {
    short model = new ModelRegistry(test.database()).findOrRegister("m").id();
    String runId = run(null);
    ScoreStore store = new ScoreStore(test.database());
    store.apply(runId, Origin.FULL_SYNC, tagged(model, row(1, 1, 0.5, 1), row(1, 2, 0.5, 1)));
    RowCounts counts = new RowCounts(2, 0, 0, 0);
    assertEquals(counts, history.list(null, null, 1).get(0).counts());
    RunDetails running = history.find(runId).orElseThrow();
    assertEquals(counts, running.run().counts());
    assertNull(running.finishedAt());
    ledger.succeed(runId, new InputSize(2, 50));
    RunDetails over = history.find(runId).orElseThrow();
    assertEquals(counts, over.run().counts());
    assertNotNull(over.finishedAt());
    assertEquals(50, over.cost().bytesRead());
    assertEquals(2, over.cost().rowsWritten());
    assertNull(over.run().gate());
    assertEquals(List.of(), over.models());
    assertEquals(List.of(), over.checks());
    assertNull(over.window());
  }

  @Test
  void aRunOfASourceThatIsReadByTimeSaysWhichTime() {
    String whole = run(null);
    test.execute("UPDATE sync_run SET window_to = '2024-06-08T06:00:00Z'");
    String part = run(null);
    test.execute(
        "UPDATE sync_run SET window_from = '2024-06-08T05:00:00Z',"
            + " window_to = '2024-06-08T07:00:00Z', watermark = '2024-06-08T07:00:00Z'"
            + " WHERE run_id = '%s'".formatted(part));
    assertEquals(
        new RunDetails.Window(null, Instant.parse("2024-06-08T06:00:00Z")),
        history.find(whole).orElseThrow().window());
    RunDetails run = history.find(part).orElseThrow();
    assertEquals(
        new RunDetails.Window(
            Instant.parse("2024-06-08T05:00:00Z"), Instant.parse("2024-06-08T07:00:00Z")),
        run.window());
    assertEquals(Instant.parse("2024-06-08T07:00:00Z"), run.watermark());
  }

  private static <T> T assertThere(T value) {
    assertNotNull(value);
    return value;
  }
}
