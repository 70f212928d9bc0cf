package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotsTest {

  private static final String TRIGGERS =
      "SELECT count(*) FROM pg_trigger"
          + " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'availability_score%'";

  private static final String ROWS =
      "SELECT store_id, product_id, score, extract(epoch FROM scored_at)::bigint - 1717826400,"
          + " origin FROM availability_score ORDER BY 1, 2";

  private final TestDatabase test = TestDatabase.create();
  private final Snapshots snapshots = new Snapshots(test.database());
  private final ScoreStore store = new ScoreStore(test.database());
  private short model;

  @BeforeEach
  void registerModel() {
    model = new ModelRegistry(test.database()).findOrRegister("m").id();
  }

  @Test
  void aFirstLoadIsASnapshotWithNothingToCarryOver() {
    RunSummary run = snapshot(tagged(model, row(1, 1, 0.5, 10), row(1, 2, 0.25, 10)));
    assertEquals(new RowCounts(2, 0, 0, 0), run.counts());
    assertEquals(new RunSummary.Swap(0, 0), run.swap());
    assertEquals(RunStatus.SUCCEEDED, run.status());
    assertEquals(List.of("1|1|0.5|10|1", "1|2|0.25|10|1"), test.query(ROWS));
  }

  @Test
  void rowsThatAreNewerThanTheInputAreCarriedOverAndOthersThatItLacksAreRemoved() {
    refresh(
        row(1, 1, 0.1, 5), // older than the input's: replaced
        row(1, 2, 0.2, 15), // newer than the input's: carried over
        row(1, 3, 0.3, 10), // as new as the input's, with a greater score: carried over
        row(1, 4, 0.4, 10), // the input lacks it, and has something as new: removed
        row(1, 5, 0.5, 30)); // the input lacks it, and all of the input is older: carried over
    RunSummary run =
        snapshot(
            tagged(
                model,
                row(1, 1, 0.9, 10),
                row(1, 2, 0.9, 10),
                row(1, 3, 0.25, 10),
                row(1, 6, 0.9, 20)));
    assertEquals(
        List.of("1|1|0.9|10|1", "1|2|0.2|15|2", "1|3|0.3|10|2", "1|5|0.5|30|2", "1|6|0.9|20|1"),
        test.query(ROWS));
    assertEquals(new RowCounts(2, 0, 2, 0), run.counts());
    assertEquals(new RunSummary.Swap(3, 1), run.swap());
  }

  @Test
  void aKeyThatStandsTwiceInTheInputEndsOnceAsTheGreatest() {
    RunSummary run =
        snapshot(
            tagged(model, row(1, 1, 0.5, 10), row(1, 2, 0.5, 10), row(1, 2, 0.4, 10)),
            tagged(model, row(1, 1, 0.7, 10), row(1, 3, 0.1, 1)),
            tagged(model, row(1, 1, 0.9, 9)));
    assertEquals(List.of("1|1|0.7|10|1", "1|2|0.5|10|1", "1|3|0.1|1|1"), test.query(ROWS));
    assertEquals(new RowCounts(3, 0, 3, 0), run.counts());
  }

  @Test
  void aRetriedBundleLoadsItsRowsOnceAndARetriedSwapSwapsOnce() {
    String runId = start();
    TaggedScores batch = tagged(model, row(1, 1, 0.5, 10), row(1, 2, 0.5, 10));
    RowCounts first = snapshots.load(runId, batch);
    assertEquals(first, snapshots.load(runId, batch));
    InputSize input = new InputSize(2, 0);
    RunSummary ended = snapshots.swapIn(runId, null, input);
    refresh(row(1, 1, 0.1, 99));
    assertEquals(ended.counts(), snapshots.swapIn(runId, null, input).counts());
    assertEquals(List.of("1|1|0.1|99|2", "1|2|0.5|10|1"), test.query(ROWS));
  }

  @Test
  void aRunWhoseCountsDoNotAddUpSwapsNothingIn() {
    refresh(row(1, 1, 0.5, 1));
    String runId = start();
    snapshots.load(runId, tagged(model, row(1, 1, 0.9, 10)));
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class, () -> snapshots.swapIn(runId, null, new InputSize(2, 0)));
    assertTrue(error.getMessage().contains("read 2 rows but accounts for 1"), error.getMessage());
    assertEquals(List.of("1|1|0.5|1|2"), test.query(ROWS));
  }

  @Test
  void anInputWithoutARowOrOfSeveralModelVersionsOrOfAnotherOneChangesNothing() {
    refresh(row(1, 1, 0.5, 1));
    String none = start();
    assertTrue(
        assertThrows(
                IllegalStateException.class,
                () -> snapshots.swapIn(none, null, new InputSize(0, 0)))
            .getMessage()
            .contains("would remove all scores"));
    short other = new ModelRegistry(test.database()).findOrRegister("other").id();
    String two = start();
    snapshots.load(two, tagged(model, row(1, 1, 0.9, 10)));
    snapshots.load(two, tagged(other, row(1, 1, 0.9, 10)));
    assertTrue(
        assertThrows(
                IllegalStateException.class, () -> snapshots.swapIn(two, null, new InputSize(2, 0)))
            .getMessage()
            .contains("rows of m, other"));
    String wrong = start();
    snapshots.load(wrong, tagged(other, row(1, 1, 0.9, 10)));
    assertTrue(
        assertThrows(
                IllegalStateException.class,
                () -> snapshots.swapIn(wrong, "m", new InputSize(1, 0)))
            .getMessage()
            .contains("--modelVersion is m"));
    assertEquals(List.of("1|1|0.5|1|2"), test.query(ROWS));
  }

  @Test
  void whatAFailedRunLeavesIsSeenByNobodyAndDropped() {
    refresh(row(1, 1, 0.5, 1));
    String runId = start();
    snapshots.load(runId, tagged(model, row(1, 1, 0.9, 10)));
    assertEquals(List.of(), snapshots.dropLeftovers(), "it still runs");
    new RunLedger(test.database()).fail(runId, "a test");
    assertEquals(List.of("1|1|0.5|1|2"), test.query(ROWS));
    assertEquals(
        List.of("availability_score_1_" + runId.replace('-', '_')), snapshots.dropLeftovers());
    assertEquals(List.of(), snapshots.dropLeftovers());
    assertEquals(
        List.of("availability_score", "availability_score_1"),
        test.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'avail%' ORDER BY 1"));
    assertTrue(
        assertThrows(
                IllegalStateException.class,
                () -> snapshots.load(runId, tagged(model, row(1, 2, 0.9, 10))))
            .getMessage()
            .contains("is over"));
  }

  @Test
  void aKillBetweenTheTriggerAndTheSwapLeavesWritersAtEaseAndTheNextSnapshotRight() {
    refresh(row(1, 1, 0.5, 1));
    test.execute(
        "CREATE TRIGGER log_snapshot_change AFTER INSERT OR UPDATE ON availability_score_1"
            + " FOR EACH ROW EXECUTE FUNCTION log_snapshot_change()");
    refresh(row(1, 1, 0.6, 2), row(1, 9, 0.9, 2));
    RunSummary run = snapshot(tagged(model, row(1, 1, 0.9, 10)));
    assertEquals(List.of("1|1|0.9|10|1"), test.query(ROWS));
    assertEquals(new RunSummary.Swap(0, 1), run.swap());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM snapshot_change"));
    assertEquals(List.of("0"), test.query(TRIGGERS));
  }

  @Test
  void leftoversOfAModelVersionThatAnotherRunIsSwappingAreLeftToTheNext() throws Exception {
    refresh(row(1, 1, 0.5, 1));
    String failed = start();
    snapshots.load(failed, tagged(model, row(1, 1, 0.9, 10)));
    new RunLedger(test.database()).fail(failed, "a test");
    // What a swap that is under way has: the lock, the trigger, and noted changes.
    test.execute(
        "CREATE TRIGGER log_snapshot_change AFTER INSERT OR UPDATE ON availability_score_1"
            + " FOR EACH ROW EXECUTE FUNCTION log_snapshot_change()");
    refresh(row(1, 1, 0.6, 2));
    try (Connection swap = test.connect();
        Statement statement = swap.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(hashtextextended('shelfcast.snapshot.' || %d, 0))"
              .formatted(model));
      assertEquals(List.of(), snapshots.dropLeftovers());
      assertEquals(List.of("1"), test.query("SELECT count(*) FROM snapshot_change"));
      // A connection that is closed lets go of its locks some time after.
      statement.execute("SELECT pg_advisory_unlock_all()");
    }
    assertEquals(1, snapshots.dropLeftovers().size());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM snapshot_change"));
    assertEquals(List.of("0"), test.query(TRIGGERS));
  }

  @Test
  void aLeftoverThatIsInUseKeepsNobodyWaiting() throws Exception {
    String failed = start();
    snapshots.load(failed, tagged(model, row(1, 1, 0.9, 10)));
    new RunLedger(test.database()).fail(failed, "a test");
    try (Connection worker = test.connect();
        Statement statement = worker.createStatement()) {
      worker.setAutoCommit(false);
      statement.execute(
          "LOCK TABLE availability_score_1_%s IN ROW EXCLUSIVE MODE"
              .formatted(failed.replace('-', '_')));
      assertEquals(List.of(), snapshots.dropLeftovers());
    }
    assertEquals(1, snapshots.dropLeftovers().size());
  }

  @Test
  void refreshesOfASnapshotStayOnTheirPagesAndTouchNoIndex() {
    List<Scores.Row> all = new ArrayList<>();
    for (int product = 0; product < 10_000; product++) {
      all.add(row(1, product, 0.5, 10));
    }
    snapshot(new TaggedScores(model, Scores.batch("m", all)));
    List<Scores.Row> some = new ArrayList<>();
    for (int product = 0; product < 10_000; product += 20) {
      some.add(row(1, product, 0.5, 11));
    }
    store.apply(start(), Origin.REFRESH, new TaggedScores(model, Scores.batch("m", some)));
    // The server counts with a delay.
    String updates =
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables"
            + " WHERE relname = 'availability_score_1'";
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (!test.query(updates).equals(List.of("500|500"))) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void aNewPartitionIsLikeTheOld() {
    String describe =
        "SELECT a.attname, a.attnotnull, a.atthasdef, format_type(a.atttypid, a.atttypmod)"
            + " FROM pg_attribute a WHERE attrelid = 'availability_score_1'::regclass"
            + " AND attnum > 0 ORDER BY attnum";
    String constraints =
        "SELECT conname, contype FROM pg_constraint"
            + " WHERE conrelid = 'availability_score_1'::regclass AND contype <> 'n' ORDER BY 1";
    List<String> columns = test.query(describe);
    List<String> before = test.query(constraints);
    snapshot(tagged(model, row(1, 1, 0.5, 10)));
    assertEquals(columns, test.query(describe));
    assertEquals(before, test.query(constraints));
    assertEquals(
        List.of("{fillfactor=90}"),
        test.query("SELECT reloptions FROM pg_class WHERE relname = 'availability_score_1'"));
    snapshot(tagged(model, row(1, 1, 0.5, 11)));
    assertEquals(before, test.query(constraints));
  }

  @Test
  void itWaitsForALongReaderWithoutKeepingOtherReadersOut() throws Exception {
    refresh(row(1, 1, 0.5, 1));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection reader = test.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT * FROM current_score");
      Future<RunSummary> swap = threads.submit(() -> snapshot(tagged(model, row(1, 1, 0.9, 10))));
      // It has tried and let go, at least once, when somebody saw it wait.
      String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
      while (test.query(waiting).equals(List.of("0"))) {
        assertFalse(swap.isDone());
      }
      assertEquals(List.of("1|1|0.5|1|2"), test.query(ROWS));
      assertFalse(swap.isDone());
      reader.commit();
      assertEquals(RunStatus.SUCCEEDED, swap.get().status());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("1|1|0.9|10|1"), test.query(ROWS));
  }

  @Test
  void noRefreshIsLostThatCommitsWhileSnapshotsAreBuiltAndSwappedIn() throws Exception {
    int products = 400;
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong committed = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Long>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        int own = writer;
        writers.add(
            threads.submit(
                () -> {
                  // Each has its own half of the products, and goes on in time. Times are far
                  // ahead of the snapshots', so each row that was committed has to be there.
                  long second = 1_000_000;
                  while (!stop.get()) {
                    second++;
                    List<Scores.Row> rows = new ArrayList<>();
                    for (int product = own; product < products; product += 2) {
                      rows.add(row(1, product, 0.5, second));
                    }
                    store.apply(
                        start(), Origin.REFRESH, new TaggedScores(model, Scores.batch("m", rows)));
                    committed.incrementAndGet();
                  }
                  return second;
                }));
      }
      for (int round = 1; round <= 15; round++) {
        long before = committed.get();
        List<Scores.Row> rows = new ArrayList<>();
        for (int product = 0; product < products; product += 3) {
          rows.add(row(1, product, 0.9, round));
        }
        snapshot(new TaggedScores(model, Scores.batch("m", rows)));
        while (committed.get() == before) {
          Thread.onSpinWait();
        }
      }
      stop.set(true);
      for (int own = 0; own < 2; own++) {
        long last = writers.get(own).get();
        assertEquals(
            List.of("200|" + last + "|" + last),
            test.query(
                ("SELECT count(*), min(s), max(s) FROM (SELECT product_id,"
                        + " extract(epoch FROM scored_at)::bigint - 1717826400 AS s"
                        + " FROM availability_score) r WHERE product_id %% 2 = %d")
                    .formatted(own)));
      }
    } finally {
      stop.set(true);
      threads.shutdown();
    }
  }

  private RunSummary snapshot(TaggedScores... batches) {
    String runId = start();
    long rows = 0;
    for (TaggedScores batch : batches) {
      snapshots.load(runId, batch);
      rows += batch.scores().size();
    }
    return snapshots.swapIn(runId, null, new InputSize(rows, 0));
  }

  private String start() {
    return Runs.start(test.database(), "snapshot");
  }

  private void refresh(Scores.Row... rows) {
    store.apply(start(), Origin.REFRESH, tagged(model, rows));
  }
}
