package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.store.ProfiledModel;
import io.shelfcast.store.RunCost;
import io.shelfcast.store.RunDetails;
import io.shelfcast.store.RunKind;
import io.shelfcast.store.RunLine;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.RunSummary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunReportTest {

  private static final Instant START = Instant.parse("2024-06-08T06:00:00Z");

  @Test
  void aRefusedRunShowsWhatItReadWhatWasJudgedAndWhatWasWrong() {
    ProfiledModel profile =
        new ProfiledModel(
            "realtime-v2",
            1200,
            300,
            Map.of("score_out_of_range", 300L),
            4,
            1198,
            new ProfiledModel.Scores(
                0.25,
                0,
                0.5,
                0.125,
                0,
                START.minusSeconds(60),
                START,
                List.of(600L, 300L, 300L, 0L)));
    RunDetails run =
        new RunDetails(
            line(
                RunKind.FULL_SYNC, RunStatus.REFUSED, "merge", GateVerdict.REFUSED, RowCounts.NONE),
            START.plusSeconds(5),
            "a host, process 1",
            "refused by the quality gate: reject_share",
            new RunSummary.Swap(0, 0),
            new RunCost(2_000_000, 0, 1_500_000, 0.5),
            null,
            List.of(
                new GateCheck("reject_share", "realtime-v2", false, 0.2, 0.01, "300 of 1,500 rows"),
                new GateCheck("psi", "realtime-v2", true, 0.1, 0.25, "as in run-1")),
            new RunDetails.Window(null, START),
            START,
            List.of(profile),
            Map.of("score_out_of_range", List.of("f.csv, 7: score is '\u001b[31m'")));
    assertEquals(
        """
        run:           run-2
        kind:          full sync, merge
        source:        f.csv
        model version: realtime-v2
        status:        refused
        error:         refused by the quality gate: reject_share
        started:       2024-06-08T06:00:00Z by a host, process 1
        finished:      2024-06-08T06:00:05Z, after 5.0 s
        rows:          0 read: 0 inserted, 0 updated, 0 kept, 0 rejected
                       refused whole, so nothing became of them; the profile says what was read
        cost:          2.0 MB read, 0 rows written, 1.5 MB of WAL, 0.5 s in the database
        window:        from the first row to 2024-06-08T06:00:00Z
        watermark:     2024-06-08T06:00:00Z
        quality gate:  refused
          FAILED  reject_share of realtime-v2 is 0.2000, more than 0.01000: 300 of 1,500 rows
          passed  psi of realtime-v2 is 0.1000, within 0.2500: as in run-1

        realtime-v2: 1,200 rows, of 4 stores and about 1,198 items; 300 rejected
          rejected   300 score_out_of_range
          scores     mean 0.2500, from 0.0000 to 0.5000; exactly 0: 12.50 %, exactly 1: 0.00 %
          scored at  2024-06-08T05:59:00Z to 2024-06-08T06:00:00Z

          0.00            600  50.0 % ########################################
          0.25            300  25.0 % ####################
          0.50            300  25.0 % ####################
          0.75              0   0.0 %

        rejected, for example:
          score_out_of_range  f.csv, 7: score is '?[31m'
        """,
        report(run, Map.of()));
  }

  @Test
  void aRunFromBeforeTheGateThatFailedSaysWhyAndWhatItHadDone() {
    String report =
        report(
            details(
                line(RunKind.REPLAY, RunStatus.FAILED, "merge", null, new RowCounts(3, 2, 1, 4)),
                START.plusSeconds(5),
                "its process ended before the run did",
                0),
            Map.of("score_unreadable", 4L));
    assertTrue(report.contains("kind:          replay, merge\n"), report);
    assertTrue(report.contains("error:         its process ended before the run did\n"), report);
    assertTrue(report.contains("10 read: 3 inserted, 2 updated, 1 kept, 4 rejected\n"), report);
    assertTrue(report.contains("dead letters:  4 score_unreadable\n"), report);
    assertTrue(report.endsWith("quality gate:  off, or not reached\n"), report);
  }

  @Test
  void aRunThatLastsHasNoEndAndNoCostYet() {
    String report =
        report(
            details(
                line(
                    RunKind.FULL_SYNC,
                    RunStatus.RUNNING,
                    "snapshot",
                    null,
                    new RowCounts(3, 0, 0, 0)),
                null,
                null,
                0),
            Map.of());
    assertTrue(report.contains("running for:   5.0 s\n"), report);
    assertFalse(report.contains("cost:"), report);
    assertFalse(report.contains("swapped in:"), report);
  }

  @Test
  void aSnapshotSaysWhatBecameOfTheOldSetAndAnExpiryWhatItRemoved() {
    Instant end = START.plusSeconds(5);
    String snapshot =
        report(
            details(
                line(
                    RunKind.FULL_SYNC,
                    RunStatus.SUCCEEDED,
                    "snapshot",
                    GateVerdict.PASSED,
                    new RowCounts(3, 0, 0, 0)),
                end,
                null,
                7),
            Map.of());
    assertTrue(
        snapshot.contains(
            "swapped in:    2 newer rows carried over from the old set, 7 of it removed\n"),
        snapshot);
    String expiry =
        report(
            details(
                line(RunKind.EXPIRE, RunStatus.SUCCEEDED, "delete", null, RowCounts.NONE),
                end,
                null,
                1234),
            Map.of());
    assertTrue(expiry.contains("removed:       1,234 scores\n"), expiry);
    assertFalse(expiry.contains("rows:"), expiry);
    assertFalse(expiry.contains("gate"), expiry);
  }

  private static RunLine line(
      RunKind kind, RunStatus status, String writeMode, GateVerdict gate, RowCounts counts) {
    return new RunLine(
        "run-2", kind, status, "realtime-v2", writeMode, gate, START, 5, counts, "f.csv");
  }

  private static RunDetails details(RunLine run, Instant end, String error, long removed) {
    return new RunDetails(
        run,
        end,
        "a host, process 1",
        error,
        new RunSummary.Swap(2, removed),
        new RunCost(0, 0, 0, 0),
        null,
        List.of(),
        null,
        null,
        List.of(),
        Map.of());
  }

  private static String report(RunDetails run, Map<String, Long> deadLetters) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    new RunReport(out, new Histogram('#')).print(run, deadLetters);
    out.flush();
    return text.toString();
  }
}
