package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLedgerTest {

  private final TestDatabase test = TestDatabase.create();
  private final RunLedger ledger = new RunLedger(test.database());

  @Test
  void aRunThatAccountsForEveryRowSucceedsAndLeavesNoBatches() {
    String run = runWithTwoRows();
    RunSummary ended = ledger.succeed(run, new InputSize(2, 0));
    assertEquals(RunStatus.SUCCEEDED, ended.status());
    assertEquals(new RowCounts(2, 0, 0, 0), ended.counts());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run_batch"));
  }

  @Test
  void endingARunTwiceChangesNothing() {
    String run = runWithTwoRows();
    assertEquals(
        ledger.succeed(run, new InputSize(2, 0)).counts(),
        ledger.succeed(run, new InputSize(2, 0)).counts());
  }

  @Test
  void aRunThatLostARowDoesNotSucceed() {
    String run = runWithTwoRows();
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> ledger.succeed(run, new InputSize(3, 0)));
    assertTrue(error.getMessage().contains("read 3 rows but accounts for 2"), error.getMessage());
    assertEquals(RunStatus.RUNNING, ledger.find(run).orElseThrow().status());
  }

  @Test
  void aRunningRunShowsWhatItsBatchesCameToSoFar() {
    assertEquals(2, ledger.find(runWithTwoRows()).orElseThrow().counts().read());
  }

  @Test
  void aFailedRunKeepsItsCountsAndItsError() {
    String run = runWithTwoRows();
    ledger.fail(run, "no luck");
    RunSummary ended = ledger.fail(run, "a second reason");
    assertEquals(RunStatus.FAILED, ended.status());
    assertEquals("no luck", ended.error());
    assertEquals(2, ended.counts().read());
  }

  @Test
  void aRunWhoseLockIsFreeIsMarkedAsFailedAndOneWhoseLockIsHeldIsNot() {
    String dead = Runs.start(test.database(), true);
    String alive = Runs.start(test.database(), true);
    String elsewhere = Runs.start(test.database(), false);
    try (RunLock lock = RunLock.hold(test.config(), alive)) {
      assertEquals(
          List.of(dead), ledger.failAbandoned().stream().map(AbandonedRun::runId).toList());
      assertEquals(List.of(), ledger.failAbandoned());
      assertEquals(RunStatus.FAILED, ledger.find(dead).orElseThrow().status());
      assertEquals(RunStatus.RUNNING, ledger.find(alive).orElseThrow().status());
      assertEquals(RunStatus.RUNNING, ledger.find(elsewhere).orElseThrow().status());
      assertTrue(lock != null);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          // The server notices a little later that the connection is gone.
          while (ledger.failAbandoned().isEmpty()) {
            Thread.onSpinWait();
          }
        });
    assertEquals(RunStatus.FAILED, ledger.find(alive).orElseThrow().status());
  }

  @Test
  void aRunThatWasTakenForDeadAndWentOnSucceedsWithAllThatItDid() {
    String run = Runs.start(test.database(), true);
    applyTwoRows(run, 1);
    // As after a restart of the server, which knows nothing of the lock.
    AbandonedRun found = ledger.failAbandoned().get(0);
    assertEquals(run, found.runId());
    assertEquals(2, found.counts().read());
    assertEquals(2, ledger.find(run).orElseThrow().counts().read());
    applyTwoRows(run, 2);
    RunSummary ended = ledger.succeed(run, new InputSize(4, 0));
    assertEquals(RunStatus.SUCCEEDED, ended.status());
    assertEquals(new RowCounts(4, 0, 0, 0), ended.counts());
    assertNull(ended.error());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run_batch"));
  }

  @Test
  void batchesOfARunThatWasTakenForDeadStayForADay() {
    String run = Runs.start(test.database(), true);
    applyTwoRows(run, 1);
    ledger.failAbandoned();
    ledger.failAbandoned();
    assertEquals(List.of("1"), test.query("SELECT count(*) FROM sync_run_batch"));
    test.execute("UPDATE sync_run SET finished_at = now() - interval '25 hours'");
    ledger.failAbandoned();
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run_batch"));
    assertEquals(2, ledger.find(run).orElseThrow().counts().read());
  }

  private String runWithTwoRows() {
    String run = Runs.start(test.database());
    applyTwoRows(run, 1);
    return run;
  }

  private void applyTwoRows(String run, long store) {
    short model = new ModelRegistry(test.database()).findOrRegister("m").id();
    new ScoreStore(test.database())
        .apply(run, Origin.FULL_SYNC, tagged(model, row(store, 1, 0.5, 1), row(store, 2, 0.5, 1)));
  }
}
