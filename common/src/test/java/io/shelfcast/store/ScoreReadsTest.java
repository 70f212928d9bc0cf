package io.shelfcast.store;

import static io.shelfcast.store.Scores.T0;
import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.TaggedScores;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoreReadsTest {

  private final TestDatabase database = TestDatabase.create();
  private final ScoreReads reads = ScoreReads.open(quick(database.config()));
  private short model;

  private static DatabaseConfig quick(DatabaseConfig config) {
    return new DatabaseConfig(config.jdbcUrl(), config.user(), null, 2, Duration.ofMillis(500));
  }

  @BeforeEach
  void registers() {
    model = new ModelRegistry(database.database()).register("m1", ModelStatus.CANDIDATE).id();
  }

  private void write(TaggedScores scores) {
    new ScoreStore(database.database()).applyRefreshed("test", scores);
  }

  @AfterEach
  void closes() {
    reads.close();
  }

  @Test
  void eachItemIsAnsweredWhereItWasAskedForHoweverOften() {
    write(tagged(model, row(7, 11, 0.9, 1), row(7, 12, 0.2, 2), row(8, 11, 0.5, 3)));

    FoundScores found = reads.ofStore(model, 7, new long[] {12, 99, 11, 12});

    assertEquals(4, found.size());
    assertEquals(0.2f, found.score(0));
    assertFalse(found.isFound(1));
    assertEquals(FoundScores.NONE, found.scoredAtMicros(1));
    assertEquals(0.9f, found.score(2));
    assertEquals(T0 + 1_000_000, found.scoredAtMicros(2));
    assertEquals(0.2f, found.score(3));
  }

  @Test
  void readsAsideHaveNoSpareConnectionAndTakeAMissingVersionForAnError() {
    write(tagged(model, row(7, 11, 0.9, 1)));
    DatabaseConfig config = database.config();
    try (ScoreReads aside =
        ScoreReads.aside(
            new DatabaseConfig(config.jdbcUrl(), config.user(), null, 1, Duration.ofSeconds(5)))) {
      String connections =
          "SELECT count(*) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'shelfcast-shadow'";
      assertEquals(List.of("0"), database.query(connections));
      for (int i = 0; i < 3; i++) {
        assertEquals(0.9f, aside.ofStore(model, 7, new long[] {11}).score(0));
      }
      assertEquals(List.of("1"), database.query(connections));

      short none = 99;
      assertThrows(DatabaseException.class, () -> aside.ofStore(none, 7, new long[] {11}));
      assertFalse(reads.ofStore(none, 7, new long[] {11}).isFound(0));
    }
  }

  @Test
  void itemsOfSeveralStoresAreKeptApart() {
    write(tagged(model, row(7, 11, 0.9, 1), row(8, 11, 0.5, 3), row(8, 12, 0.1, 4)));

    FoundScores found =
        reads.ofItems(model, new long[] {8, 7, 7, 8, 8}, new long[] {11, 11, 12, 12, 11});

    assertEquals(0.5f, found.score(0));
    assertEquals(0.9f, found.score(1));
    assertFalse(found.isFound(2));
    assertEquals(0.1f, found.score(3));
    assertEquals(0.5f, found.score(4));
  }

  @Test
  void aVersionWithoutAPartitionHasNoScores() {
    assertFalse(reads.ofStore((short) 99, 7, new long[] {11}).isFound(0));
  }

  @Test
  void aReadGoesByTheIndexThoughItWasPlannedWhileTheTableWasEmpty() {
    reads.ofStore(model, 7, new long[] {11});
    database.execute(
        """
        INSERT INTO availability_score_%d
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT %d, s, p, 0.5, now(), 1 FROM generate_series(1, 100) s, generate_series(1, 500) p"""
            .formatted(model, model));
    long[] products = LongStream.rangeClosed(1, 500).toArray();
    long[] stores = LongStream.rangeClosed(1, 500).map(i -> i % 100 + 1).toArray();
    String scans =
        "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname LIKE 'availability_score_%'";
    database.execute("SELECT pg_stat_force_next_flush()");
    String before = database.query(scans).get(0);

    for (int i = 0; i < 5; i++) {
      assertTrue(reads.ofStore(model, 7, products).isFound(499));
      assertTrue(reads.ofItems(model, stores, products).isFound(499));
    }
    reads.close(); // Its sessions tell what they counted when they end, at the latest.

    assertEquals(before, database.query(scans).get(0));
  }

  @Test
  void brokenConnectionsAreReplacedWithoutAFailure() {
    write(tagged(model, row(7, 11, 0.9, 1)));
    for (int round = 0; round < 3; round++) {
      assertTrue(reads.ofStore(model, 7, new long[] {11}).isFound(0));
      database.query(
          "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
              + " WHERE application_name = 'shelfcast-serving' AND datname = current_database()");
    }
    assertTrue(reads.ofStore(model, 7, new long[] {11}).isFound(0));
  }

  @Test
  void aReadThatTakesTooLongIsGivenUp() throws Exception {
    assertTrue(reads.canRead(model));
    try (Connection other = database.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE availability_score_" + model + " IN ACCESS EXCLUSIVE MODE");

      assertThrows(DatabaseAwayException.class, () -> reads.ofStore(model, 7, new long[] {11}));
    }
    assertFalse(reads.ofStore(model, 7, new long[] {11}).isFound(0));
  }

  @Test
  void whileTheDatabaseIsAwayOneInAWhileFindsOutAndAllOthersAreRefusedAtOnce() throws Exception {
    DatabaseConfig nowhere =
        new DatabaseConfig(
            "jdbc:postgresql://127.0.0.1:1/nowhere", "nobody", null, 8, Duration.ofSeconds(1));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (ScoreReads away = ScoreReads.open(nowhere)) {
      assertThrows(DatabaseAwayException.class, () -> away.ofStore(model, 7, new long[] {11}));
      List<Future<Long>> waits = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        waits.add(
            threads.submit(
                () -> {
                  long waited = 0;
                  for (int i = 0; i < 500; i++) {
                    long started = System.nanoTime();
                    assertThrows(
                        DatabaseAwayException.class, () -> away.ofStore(model, 7, new long[] {11}));
                    // Who finds out waits for a connection; that may be only one of all.
                    if (System.nanoTime() - started > Duration.ofMillis(200).toNanos()) {
                      waited++;
                    }
                    Thread.sleep(1);
                  }
                  return waited;
                }));
      }
      long waited = 0;
      for (Future<Long> wait : waits) {
        waited += wait.get();
      }
      // If all eight found out whenever it is time, it would be most of the time.
      assertTrue(waited < 40, waited + " of 4,000 waited");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itCannotReadWhatTheDatabaseHasNoPlaceFor() {
    assertFalse(reads.canRead((short) 99));
    assertTrue(reads.canRead(model));
  }

  @Test
  void readsAmongSnapshotSwapsSeeTheWholeOldSetOrTheWholeNewOneAndNeverFail() throws Exception {
    int items = 100;
    int swaps = 12;
    long[] products = LongStream.range(0, items).toArray();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      swapIn(items, 0);
      List<Future<Set<Long>>> seen = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        seen.add(
            readers.submit(
                () -> {
                  Set<Long> sets = new HashSet<>();
                  while (!done.get()) {
                    FoundScores found = reads.ofStore(model, 7, products);
                    for (int i = 1; i < items; i++) {
                      assertEquals(found.scoredAtMicros(0), found.scoredAtMicros(i));
                    }
                    sets.add(found.scoredAtMicros(0));
                  }
                  return sets;
                }));
      }
      for (int swap = 1; swap <= swaps; swap++) {
        swapIn(items, swap);
      }
      done.set(true);
      for (Future<Set<Long>> sets : seen) {
        assertTrue(sets.get().size() > 3, "saw only " + sets.get());
        assertFalse(sets.get().contains(FoundScores.NONE));
      }
    } finally {
      done.set(true);
      readers.shutdownNow();
    }
  }

  /** All items' scores, made in that second. */
  private void swapIn(int items, int second) {
    Snapshots snapshots = new Snapshots(database.database());
    String run = Runs.start(database.database(), "snapshot");
    Scores.Row[] rows = new Scores.Row[items];
    for (int i = 0; i < items; i++) {
      rows[i] = row(7, i, 0.5, second);
    }
    snapshots.load(run, tagged(model, rows));
    snapshots.swapIn(run, null, new InputSize(items, 0));
  }
}
