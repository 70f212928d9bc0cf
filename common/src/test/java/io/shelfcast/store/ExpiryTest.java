package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RowCounts;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {

  /** What is older than an hour then was made before T0. */
  private static final Instant NOW = Micros.toInstant(Scores.T0).plus(Duration.ofHours(1));

  private static final Duration AN_HOUR = Duration.ofHours(1);

  private static final String KEYS =
      "SELECT store_id, product_id FROM availability_score ORDER BY 1, 2";

  private final TestDatabase test = TestDatabase.create();
  private final ScoreStore store = new ScoreStore(test.database());
  private final Expiry expiry = new Expiry(test.database());
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private short model;

  @BeforeEach
  void registerModel() {
    model = new ModelRegistry(test.database()).findOrRegister("m").id();
  }

  @AfterEach
  void stopThreads() throws Exception {
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
  }

  @Test
  void whatIsOlderIsDeletedAndNothingElseAndTheLedgerSaysHowMuch() {
    refresh(row(1, 1, 0.5, -1), row(1, 2, 0.5, 0), row(1, 3, 0.5, 1), row(1, 4, 0.5, -90_000));
    Removal removal = expire(null);
    assertEquals(RunStatus.SUCCEEDED, removal.status());
    assertEquals(2, removal.removed());
    assertEquals(List.of("1|2", "1|3"), test.query(KEYS));
    assertEquals(
        List.of("expire|succeeded|delete|t|2|0|0|0|t|t|t"),
        test.query(
            "SELECT kind, status, write_mode, attached, removed, read, kept, rows_written,"
                + " wal_bytes > 0, database_seconds > 0, finished_at > started_at FROM sync_run"));
    assertEquals(0, expire(null).removed());
  }

  @Test
  void onlyTheModelVersionThatIsNamedLosesScores() {
    short other = new ModelRegistry(test.database()).findOrRegister("other").id();
    refresh(row(1, 1, 0.5, -1));
    store.applyRefreshed("test", tagged(other, row(1, 2, 0.5, -1)));
    assertEquals(1, expire("other").removed());
    assertEquals(List.of("1|1"), test.query(KEYS));
    assertEquals(
        List.of("other"), test.query("SELECT model_version FROM sync_run WHERE kind = 'expire'"));
  }

  @Test
  void aVersionThatIsNotRegisteredOrATimeThatIsNoneMakesNoRun() {
    assertThrows(IllegalStateException.class, () -> expire("nope"));
    for (Duration none : List.of(Duration.ZERO, Duration.ofHours(-1))) {
      assertThrows(IllegalArgumentException.class, () -> expiry.run(none, NOW, null, runId -> {}));
    }
    assertEquals(List.of(), test.query("SELECT run_id FROM sync_run"));
  }

  @Test
  void everyPageIsLookedAt() {
    insert("generate_series(1, 200000)", "CASE WHEN n % 3 = 0 THEN -1 ELSE 1 END");
    assertTrue(
        Integer.parseInt(
                test.query("SELECT pg_relation_size('availability_score_1') / 8192").get(0))
            > 3 * Expiry.PAGES);
    assertEquals(66_666, expire(null).removed());
    assertEquals(
        List.of("133334|133334"),
        test.query(
            "SELECT count(*), count(*) FILTER (WHERE product_id % 3 <> 0)"
                + " FROM availability_score"));
  }

  /** The rows of {@code FROM series n}, of one store, that many seconds after T0. */
  private void insert(String series, String seconds) {
    test.execute(
        "INSERT INTO availability_score SELECT 1, n, timestamptz '2024-06-08T06:00:00Z' + (%s)"
                .formatted(seconds)
            + " * interval '1 second', 0.5, %d, 2 FROM %s n".formatted(model, series));
  }

  @Test
  void whatAFailedRunHadRemovedStandsInTheLedger() {
    short other = new ModelRegistry(test.database()).findOrRegister("other").id();
    refresh(row(1, 1, 0.5, -1));
    store.applyRefreshed("test", tagged(other, row(1, 2, 0.5, -1)));
    test.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'not these'; END $$");
    test.execute(
        "CREATE TRIGGER refuse BEFORE DELETE ON availability_score_2"
            + " FOR EACH ROW EXECUTE FUNCTION refuse()");
    Removal removal = expire(null);
    assertEquals(RunStatus.FAILED, removal.status());
    assertEquals(1, removal.removed());
    assertTrue(String.valueOf(removal.failure()).contains("not these"));
    assertEquals(
        List.of("failed|1|the database refused a statement (SQLSTATE P0001): not these"),
        test.query("SELECT status, removed, error FROM sync_run WHERE kind = 'expire'"));
    assertEquals(List.of("1|2"), test.query(KEYS));
  }

  @Test
  void aRowThatIsBeingMadeNewerIsNotWaitedForAndStays() throws Exception {
    refresh(row(1, 1, 0.5, -1), row(1, 2, 0.5, -1));
    try (Connection writer = test.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.executeUpdate(
          "UPDATE availability_score SET scored_at = scored_at + interval '1 hour'"
              + " WHERE product_id = 1");
      Removal removal = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> expire(null));
      assertEquals(1, removal.removed());
      writer.commit();
    }
    assertEquals(List.of("1|1"), test.query(KEYS));
    assertEquals(0, expire(null).removed());
  }

  @Test
  void aRowWhoseWriterGivesUpIsDeletedAfterAll() throws Exception {
    refresh(row(1, 1, 0.5, -1));
    Future<Removal> removal;
    try (Connection writer = test.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.executeUpdate("UPDATE availability_score SET score = 0.6");
      removal = threads.submit(() -> expire(null));
      until("1", "SELECT count(*) FROM sync_run WHERE status = 'running'");
      writer.rollback();
    }
    assertEquals(1, removal.get().removed());
  }

  /** The update finds its row gone: what it had to write must not be gone with it. */
  @Test
  void aNewerScoreWhoseRowExpiresWhileItIsMergedIsInserted() throws Exception {
    refresh(row(1, 1, 0.5, -1), row(1, 2, 0.5, -1), row(1, 3, 0.5, -1));
    Future<RowCounts> merged;
    try (Connection expiring = test.connect();
        Statement statement = expiring.createStatement()) {
      expiring.setAutoCommit(false);
      statement.executeUpdate("DELETE FROM availability_score_1 WHERE product_id = 2");
      merged =
          threads.submit(() -> refresh(row(1, 1, 0.9, 5), row(1, 2, 0.9, 5), row(1, 3, 0.9, 5)));
      // It has read that the row is there, and waits to write it.
      until(
          "1",
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
              + " AND wait_event_type = 'Lock' AND query LIKE '%UPDATE availability_score_1%'");
      expiring.commit();
    }
    assertEquals(new RowCounts(1, 2, 0, 0), merged.get());
    assertEquals(
        List.of("1|0.9", "2|0.9", "3|0.9"),
        test.query("SELECT product_id, score FROM availability_score ORDER BY 1"));
  }

  /** Whatever meets: what is too old goes, and a score that is not is never lost. */
  @Test
  void mergesOfNewerScoresLoseNothingToWhatExpiresBesideThem() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      test.execute("TRUNCATE availability_score");
      insert("generate_series(1, 5000)", "-1 - n % 100");
      CyclicBarrier start = new CyclicBarrier(3);
      List<Future<Map<Long, Long>>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        Random random = new Random(seed * 10L + writer);
        writers.add(threads.submit(() -> merges(random, start)));
      }
      start.await();
      assertEquals(RunStatus.SUCCEEDED, expire("m").status());
      Map<Long, Long> newest = new TreeMap<>();
      for (Future<Map<Long, Long>> writer : writers) {
        writer.get().forEach((key, second) -> newest.merge(key, second, Math::max));
      }
      assertEquals(RunStatus.SUCCEEDED, expire("m").status());
      List<String> wanted = new ArrayList<>();
      newest.forEach((key, second) -> wanted.add(key + "|" + second));
      assertEquals(
          wanted,
          test.query(
              "SELECT product_id, extract(epoch FROM scored_at)::bigint - 1717826400"
                  + " FROM availability_score ORDER BY 1"),
          "seed " + seed);
    }
  }

  /** Few, so that what is lost is not written anew; returns when each key's newest was made. */
  private Map<Long, Long> merges(Random random, CyclicBarrier start) throws Exception {
    Map<Long, Long> newest = new TreeMap<>();
    start.await();
    for (int merge = 0; merge < 3; merge++) {
      Scores.Row[] rows = new Scores.Row[500];
      long first = random.nextInt(5000);
      for (int i = 0; i < rows.length; i++) {
        // By ranges, which a merge reads ahead, with some gaps.
        long second = random.nextInt(1000);
        rows[i] = row(1, 1 + (first + i + random.nextInt(2)) % 5000, 0.5, second);
        newest.merge(rows[i].productId(), second, Math::max);
      }
      refresh(rows);
    }
    return newest;
  }

  @Test
  void whileASnapshotIsSwappedInItWaitsAndThenGoesThroughTheNewPartition() throws Exception {
    refresh(row(1, 1, 0.5, -1), row(1, 2, 0.5, 1));
    Future<Removal> removal;
    try (Connection swap = test.connect();
        Statement statement = swap.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(hashtextextended('shelfcast.snapshot.' || %d, 0))"
              .formatted(model));
      removal = threads.submit(() -> expire(null));
      until("1", "SELECT count(*) FROM sync_run WHERE status = 'running'");
      Partition partition = Partition.of(model);
      partition.createAside(statement, "aside", "fillfactor = 90");
      statement.execute(
          "INSERT INTO aside SELECT store_id, product_id + 10, scored_at, score, model_version_id,"
              + " origin FROM availability_score_1");
      Partition.addKey(statement, "aside");
      swap.setAutoCommit(false);
      partition.replaceBy(statement, "aside");
      swap.commit();
    }
    assertEquals(1, removal.get().removed());
    assertEquals(List.of("1|12"), test.query(KEYS));
  }

  @Test
  void snapshotsThatAreSwappedInMeanwhileStayWhole() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    insert("generate_series(1, 5000)", "-1");
    Future<Integer> expired =
        threads.submit(
            () -> {
              int runs = 0;
              do {
                assertEquals(RunStatus.SUCCEEDED, expire(null).status());
                runs++;
              } while (!over.get());
              return runs;
            });
    Snapshots snapshots = new Snapshots(test.database());
    for (int n = 1; n <= 5; n++) {
      String runId = Runs.start(test.database(), "snapshot");
      Scores.Row[] rows = new Scores.Row[2000];
      for (int i = 0; i < rows.length; i++) {
        // Half of them are too old, though the input is new.
        rows[i] = row(1, i, 0.5, i % 2 == 0 ? n : -100 + n);
      }
      snapshots.load(runId, tagged(model, rows));
      snapshots.swapIn(runId, null, new InputSize(rows.length, 0));
    }
    over.set(true);
    assertTrue(expired.get() > 0);
    expire(null);
    assertEquals(
        List.of("1000|0|5"),
        test.query(
            "SELECT count(*), count(*) FILTER (WHERE product_id % 2 = 1),"
                + " min(extract(epoch FROM scored_at)::bigint - 1717826400)"
                + " FROM availability_score"));
  }

  private RowCounts refresh(Scores.Row... rows) {
    return store.applyRefreshed("test", tagged(model, rows));
  }

  private Removal expire(String modelVersion) {
    return expiry.run(AN_HOUR, NOW, modelVersion, runId -> {});
  }

  private void until(String value, String sql) throws Exception {
    Callable<Boolean> there = () -> test.query(sql).equals(List.of(value));
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          while (!there.call()) {
            Thread.onSpinWait();
          }
        });
  }
}
