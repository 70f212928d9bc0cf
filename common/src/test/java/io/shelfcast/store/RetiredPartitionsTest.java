package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RowCounts;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetiredPartitionsTest {

  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration A_WEEK = RetiredPartitions.DEFAULT_GRACE;
  private static final String SCORES = "SELECT product_id FROM current_score ORDER BY 1";

  private final TestDatabase test = TestDatabase.create();
  private final ModelRegistry registry = new ModelRegistry(test.database());
  private final ScoreStore store = new ScoreStore(test.database());
  private final RetiredPartitions retired =
      new RetiredPartitions(test.database(), Duration.ofMillis(1));
  private short model;

  @BeforeEach
  void registerModel() {
    model = registry.findOrRegister("m").id();
    store.applyRefreshed("test", tagged(model, row(1, 1, 0.5, 1), row(1, 2, 0.5, 1)));
  }

  @Test
  void withinTheGracePeriodNothingIsDroppedAndTheVersionIsBroughtBackWhole() {
    assertTrue(registry.retire("m", A_WEEK).isPresent());
    assertEquals(List.of(), retired.dropDue());
    assertEquals(Optional.empty(), retired.dropIfDue("m"));
    assertEquals(List.of("1", "2"), test.query(SCORES), "it is retired, and not yet gone");
    registry.register("m", ModelStatus.CANDIDATE);
    assertEquals(List.of("1", "2"), test.query(SCORES));
    test.execute("UPDATE model_version SET status_changed_at = now() - interval '1 year'");
    assertEquals(List.of(), retired.dropDue());
  }

  @Test
  void afterTheGracePeriodThePartitionIsDroppedAndTheLedgerSaysWithHowManyRows() {
    short other = registry.findOrRegister("other").id();
    store.applyRefreshed("test", tagged(other, row(1, 9, 0.5, 1)));
    registry.retire("m", A_WEEK);
    test.execute("UPDATE model_version SET drop_after = now() WHERE name = 'm'");
    List<Removal> removals = retired.dropDue();
    assertEquals(1, removals.size());
    assertEquals(2, removals.get(0).removed());
    assertEquals("m", removals.get(0).modelVersion());
    assertEquals(
        List.of("retire|succeeded|m|availability_score_1|2|0|0"),
        test.query(
            "SELECT kind, status, model_version, source, removed, read, rows_written"
                + " FROM sync_run"));
    assertEquals(List.of("9"), test.query(SCORES));
    assertEquals(List.of(), retired.dropDue(), "once");
    assertEquals(List.of("m|retired"), test.query(nameAndStatus()));
    assertEquals(Optional.empty(), registry.retire("m", AT_ONCE), "there is nothing to drop");
    assertEquals(List.of(), retired.dropDue());
  }

  private static String nameAndStatus() {
    return "SELECT name, status FROM model_version WHERE name = 'm'";
  }

  @Test
  void aVersionThatComesBackAfterTheDropStartsEmptyAndTakesScores() {
    drop();
    ModelVersion back = registry.register("m", ModelStatus.SHADOW);
    assertEquals(model, back.id());
    assertEquals(List.of(), test.query(SCORES));
    store.applyRefreshed("test", tagged(model, row(1, 3, 0.5, 1)));
    assertEquals(List.of("3"), test.query(SCORES));
    assertEquals(
        List.of("{fillfactor=50}|t"),
        test.query(
            "SELECT reloptions, relispartition FROM pg_class WHERE relname ="
                + " 'availability_score_1'"));
  }

  @Test
  void retiringOnceMoreBeginsTheGracePeriodAnew() {
    registry.retire("m", A_WEEK);
    registry.retire("m", AT_ONCE);
    assertEquals(2, retired.dropIfDue("m").orElseThrow().removed());
  }

  @Test
  void whatWasRetiredWhenScoresStayedStays() {
    registry.retire("m", AT_ONCE);
    test.execute("UPDATE model_version SET drop_after = NULL");
    assertEquals(List.of(), retired.dropDue());
    assertEquals(List.of("1", "2"), test.query(SCORES));
  }

  @Test
  void scoresThatComeAfterTheDropAreRejectedAndCountedOnce() {
    drop();
    String runId = Runs.start(test.database());
    var batch = tagged(model, row(1, 1, 0.5, 5), row(1, 2, 0.5, 5));
    assertEquals(new RowCounts(0, 0, 0, 2), store.apply(runId, Origin.FULL_SYNC, batch));
    assertEquals(new RowCounts(0, 0, 0, 2), store.apply(runId, Origin.FULL_SYNC, batch));
    assertEquals(
        new RowCounts(0, 0, 0, 2),
        new RunLedger(test.database()).succeed(runId, new InputSize(2, 0)).counts());
    assertEquals(
        new RowCounts(0, 0, 0, 1), store.applyRefreshed("r", tagged(model, row(1, 7, 0.5, 5))));
    assertEquals(
        List.of("model_version_retired|3"),
        test.query("SELECT reason, count(*) FROM dead_letter GROUP BY 1"));
    assertEquals(
        List.of("availability_score"),
        test.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'availability%'"));
  }

  @Test
  void whoReadsAVersionWhosePartitionIsGoneFindsNoScores() {
    drop();
    assertArrayEquals(
        new long[] {ScoreTimes.NEVER},
        new ScoreTimes(test.database()).of(model, new long[] {1}, new long[] {1}));
    assertEquals(0, registry.aboutHowManyScores("m"));
    Removal expired =
        new Expiry(test.database())
            .run(Duration.ofDays(1), java.time.Instant.now(), null, runId -> {});
    assertEquals(RunStatus.SUCCEEDED, expired.status());
    assertEquals(0, expired.removed());
  }

  @Test
  void aSnapshotOfAVersionThatWasRetiredMeanwhileIsNotSwappedInAndLeavesNothing() {
    Snapshots snapshots = new Snapshots(test.database());
    for (boolean dropped : new boolean[] {false, true}) {
      String runId = Runs.start(test.database(), "snapshot");
      snapshots.load(runId, tagged(model, row(1, 5, 0.5, 5)));
      registry.retire("m", AT_ONCE);
      if (dropped) {
        retired.dropDue();
      }
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class,
              () -> snapshots.swapIn(runId, null, new InputSize(1, 0)));
      assertTrue(refused.getMessage().contains("'m' is retired"), refused.getMessage());
      new RunLedger(test.database()).fail(runId, "a test");
      assertEquals(1, snapshots.dropLeftovers().size());
      assertEquals(dropped ? List.of() : List.of("1", "2"), test.query(SCORES));
      if (!dropped) {
        registry.register("m", ModelStatus.SHADOW);
      }
    }
  }

  @Test
  void aPartitionThatIsBeingReplacedIsLeftToTheNextCleanup() throws Exception {
    registry.retire("m", AT_ONCE);
    try (Connection swap = test.connect();
        Statement statement = swap.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(hashtextextended('shelfcast.snapshot.' || %d, 0))"
              .formatted(model));
      assertEquals(List.of(), retired.dropDue());
    }
    assertEquals(1, retired.dropDue().size());
  }

  @Test
  void whileSomebodyReadsForLongNothingIsDroppedAndOthersGoOnReading() throws Exception {
    registry.retire("m", AT_ONCE);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try (Connection reader = test.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM current_score");
      RetiredPartitions patient = new RetiredPartitions(test.database(), Duration.ofSeconds(5));
      Future<List<Removal>> drop = threads.submit(patient::dropDue);
      int read = 0;
      while (!drop.isDone()) {
        long began = System.nanoTime();
        assertEquals(List.of("1", "2"), test.query(SCORES));
        assertTrue(System.nanoTime() - began < 4_000_000_000L, "it was held up");
        read++;
      }
      assertTrue(read > 3);
      assertEquals(RunStatus.FAILED, drop.get().get(0).status());
      assertTrue(String.valueOf(drop.get().get(0).failure()).contains("is in use"));
      assertEquals(0, drop.get().get(0).removed());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("1", "2"), test.query(SCORES));
    assertEquals(2, retired.dropDue().get(0).removed());
  }

  @Test
  void twoThatDropAtOnceDropOnce() throws Exception {
    registry.retire("m", AT_ONCE);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      RetiredPartitions patient = new RetiredPartitions(test.database());
      Future<List<Removal>> one = threads.submit(patient::dropDue);
      Future<List<Removal>> two = threads.submit(patient::dropDue);
      assertEquals(1, one.get().size() + two.get().size());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("succeeded"), test.query("SELECT status FROM sync_run"));
  }

  @Test
  void theLiveVersionKeepsItsPartition() {
    registry.promote("m");
    assertThrows(IllegalStateException.class, () -> registry.retire("m", AT_ONCE));
    assertEquals(List.of(), retired.dropDue());
    assertFalse(test.query(SCORES).isEmpty());
  }

  private void drop() {
    registry.retire("m", AT_ONCE);
    assertEquals(1, retired.dropDue().size());
  }
}
