package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoreStoreTest {

  private final TestDatabase test = TestDatabase.create();
  private final ScoreStore store = new ScoreStore(test.database());
  private String run = "";
  private short model;

  @BeforeEach
  void startRun() {
    run = Runs.start(test.database());
    model = new ModelRegistry(test.database()).findOrRegister("m").id();
  }

  @Test
  void newRowsAreInsertedGreaterOnesUpdateAndLesserOnesAreKept() {
    assertEquals(
        new RowCounts(2, 0, 0, 0), apply(tagged(model, row(1, 1, 0.5, 10), row(1, 2, 0.5, 10))));
    assertEquals(
        new RowCounts(1, 1, 1, 0),
        apply(tagged(model, row(1, 1, 0.1, 11), row(1, 2, 0.9, 9), row(1, 3, 0.3, 1))));
    assertEquals(
        List.of("1|1|0.1", "1|2|0.5", "1|3|0.3"),
        test.query("SELECT store_id, product_id, score FROM current_score ORDER BY 1, 2"));
  }

  @Test
  void atEqualTimesTheGreaterScoreWinsInEitherOrder() {
    apply(tagged(model, row(1, 1, 0.5, 10), row(2, 2, 0.7, 10)));
    assertEquals(
        new RowCounts(0, 1, 1, 0), apply(tagged(model, row(1, 1, 0.6, 10), row(2, 2, 0.6, 10))));
    assertEquals(
        List.of("0.6", "0.7"), test.query("SELECT score FROM current_score ORDER BY store_id"));
  }

  @Test
  void theSameRowAgainIsKept() {
    // 0.1 is no float: what is compared has to be what is stored.
    TaggedScores once = tagged(model, row(1, 1, 0.1, 10));
    apply(once);
    assertEquals(new RowCounts(0, 0, 1, 0), apply(tagged(model, row(1, 1, 0.1, 10))));
  }

  @Test
  void sameKeyTwiceInABatchKeepsTheNewest() {
    assertEquals(
        new RowCounts(1, 0, 3, 0),
        apply(
            tagged(
                model,
                row(1, 1, 0.2, 11),
                row(1, 1, 0.9, 12),
                row(1, 1, 0.8, 12),
                row(1, 1, 0.1, 3))));
    assertEquals(List.of("0.9"), test.query("SELECT score FROM current_score"));
  }

  @Test
  void aBatchAppliedTwiceForOneRunIsCountedOnce() {
    TaggedScores batch = tagged(model, row(1, 1, 0.5, 10), row(1, 2, 0.5, 10));
    RowCounts first = apply(batch);
    assertEquals(first, apply(batch));
    assertEquals(first, new RunLedger(test.database()).succeed(run, new InputSize(2, 0)).counts());
  }

  @Test
  void aRowThatTheDatabaseRefusesBecomesADeadLetterAndKeepsNoOtherRowOut() {
    test.execute("ALTER TABLE availability_score_%d ADD CHECK (product_id <> 13)".formatted(model));
    List<Scores.Row> rows = new ArrayList<>();
    for (int product = 0; product < 100; product++) {
      rows.add(row(7, product, 0.5, 10));
    }
    RowCounts counts = apply(new TaggedScores(model, Scores.batch("m", rows)));
    assertEquals(new RowCounts(99, 0, 0, 1), counts);
    assertEquals(List.of("99"), test.query("SELECT count(*) FROM current_score"));
    assertEquals(
        List.of("refused_by_database|14|open"),
        test.query("SELECT reason, position, state FROM dead_letter"));
    assertTrue(
        test.query("SELECT payload, detail FROM dead_letter").get(0).contains("\"product_id\":13"));
  }

  @Test
  void whenHundredsOfRowsAreRefusedItIsNotTheRowsAndNothingIsWritten() {
    test.execute("ALTER TABLE availability_score_%d ADD CHECK (product_id < 10)".formatted(model));
    List<Scores.Row> rows = new ArrayList<>();
    for (int product = 0; product < 300; product++) {
      rows.add(row(7, product, 0.5, 10));
    }
    DatabaseException error =
        assertThrows(
            DatabaseException.class, () -> apply(new TaggedScores(model, Scores.batch("m", rows))));
    assertTrue(error.getMessage().contains("23514"), error.getMessage());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM current_score"));
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM dead_letter"));
  }

  @Test
  void originTellsWhoWroteTheRow() {
    store.apply(run, Origin.FULL_SYNC, tagged(model, row(1, 1, 0.5, 10)));
    store.apply(run, Origin.REFRESH, tagged(model, row(1, 2, 0.5, 10)));
    assertEquals(
        List.of("1|1", "2|2"),
        test.query("SELECT product_id, origin FROM availability_score ORDER BY 1"));
  }

  @Test
  void extremeValuesSurvive() {
    apply(tagged(model, row(Long.MAX_VALUE, 0, 1.0, 0), row(0, Long.MAX_VALUE, 0.0, 0)));
    assertEquals(
        List.of("0|9223372036854775807|0", "9223372036854775807|0|1"),
        test.query("SELECT store_id, product_id, score FROM current_score ORDER BY 1"));
  }

  @Test
  void replacingEveryRowStaysOnItsPageAndTouchesNoIndex() {
    for (int pass = 0; pass < 3; pass++) {
      List<Scores.Row> rows = new ArrayList<>();
      for (int product = 0; product < 5000; product++) {
        rows.add(row(1, product, 0.5, pass));
      }
      apply(new TaggedScores(model, Scores.batch("m", rows)));
    }
    // The server counts with a delay.
    String updates =
        "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'availability_score_%d'"
            .formatted(model);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (!test.query(updates).equals(List.of("10000"))) {
            Thread.onSpinWait();
          }
        });
    assertEquals(
        List.of("t"),
        test.query(
            "SELECT n_tup_hot_upd >= 0.95 * n_tup_upd FROM pg_stat_user_tables"
                + " WHERE relname = 'availability_score_%d'".formatted(model)));
  }

  @Test
  void whatChangesNothingIsReadAndNotWritten() {
    apply(stores(1, 2000, 10));
    // Every hundredth key: too few of the range to read it all, and so looked up.
    TaggedScores sparse = everyHundredth(10);
    assertEquals(20, sparse.scores().size());
    for (TaggedScores unchanged : List.of(stores(1, 2000, 10), sparse)) {
      List<String> before = test.query(VERSIONS);
      assertEquals(new RowCounts(0, 0, unchanged.scores().size(), 0), apply(unchanged));
      // A row that is locked, as ON CONFLICT does, bears the locker's number.
      assertEquals(before, test.query(VERSIONS));
    }
  }

  @Test
  void sparseKeysAmongMoreThanTheReadAheadTakesAreInsertedUpdatedAndKeptAllTheSame() {
    apply(stores(1, 2000, 10));
    assertEquals(new RowCounts(0, 20, 0, 0), apply(everyHundredth(11)));
    assertEquals(
        new RowCounts(1, 1, 1, 0),
        apply(tagged(model, row(1, 0, 0.5, 12), row(1, 1000, 0.5, 1), row(2, 5, 0.5, 1))));
    assertEquals(List.of("2001"), test.query("SELECT count(*) FROM current_score"));
    assertEquals(
        List.of("20"),
        test.query("SELECT count(*) FROM current_score WHERE scored_at > '2024-06-08T06:00:10Z'"));
  }

  @Test
  void newScoresThatHardlyDifferAreNotWrittenWhereverTheyAreFoundOut() {
    apply(stores(1, 2000, 10));
    ScoreStore careful = new ScoreStore(test.database(), new Materiality(0.1, Duration.ofHours(1)));
    assertEquals(
        new RowCounts(0, 0, 20, 0), careful.apply(run, Origin.FULL_SYNC, everyHundredth(11)));
    assertEquals(
        new RowCounts(0, 0, 2000, 0), careful.apply(run, Origin.FULL_SYNC, stores(1, 2000, 11)));
    assertEquals(
        new RowCounts(0, 20, 0, 0),
        careful.apply(run, Origin.FULL_SYNC, everyHundredth(10 + 3600)));
  }

  private static final String VERSIONS =
      "SELECT ctid, xmin, xmax FROM availability_score_1 ORDER BY 1";

  private TaggedScores stores(int stores, int products, long second) {
    List<Scores.Row> rows = new ArrayList<>();
    for (int store = 1; store <= stores; store++) {
      for (int product = 0; product < products; product++) {
        rows.add(row(store, product, 0.5, second));
      }
    }
    return new TaggedScores(model, Scores.batch("m", rows));
  }

  private TaggedScores everyHundredth(long second) {
    List<Scores.Row> rows = new ArrayList<>();
    for (int product = 0; product < 2000; product += 100) {
      rows.add(row(1, product, 0.5, second));
    }
    return new TaggedScores(model, Scores.batch("m", rows));
  }

  private RowCounts apply(TaggedScores batch) {
    return store.apply(run, Origin.FULL_SYNC, batch);
  }
}
