package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private final TestDatabase test = TestDatabase.create();
  private final ScoreStore store = new ScoreStore(test.database());
  private final DeadLetters letters = new DeadLetters(test.database());
  private final String run = Runs.start(test.database());

  @Test
  void aRejectedRowIsKeptAsItWasReadWithItsReason() {
    String hostile = "{\"store_id\":\"'; DROP TABLE dead_letter; --\\u0000\\n\\\"{},\"}";
    reject(run, new RejectedRow("s3://file", 7, hostile, "store_id_not_a_number", "it's not"));
    DeadLetter letter = letters.list(DeadLetterState.OPEN, null, 10).get(0);
    assertEquals(hostile, letter.payload());
    assertEquals("store_id_not_a_number", letter.reason());
    assertEquals("it's not", letter.detail());
    assertEquals(7, letter.position());
    assertEquals(1, letter.attempts());
  }

  @Test
  void theSameRowInALaterRunIsTheSameDeadLetterSeenOnceMore() {
    RejectedRow row = new RejectedRow("file", 7, "{}", "score_nan", "score is NaN");
    reject(run, row);
    reject(Runs.start(test.database()), row);
    assertEquals(
        List.of("1|2|open"),
        test.query("SELECT count(*), max(attempts), max(state) FROM dead_letter"));
  }

  @Test
  void anotherRowAtTheSamePlaceIsAnotherDeadLetter() {
    reject(run, new RejectedRow("file", 7, "{\"score\":2}", "score_out_of_range", "2"));
    reject(run, new RejectedRow("file", 7, "{\"score\":3}", "score_out_of_range", "3"));
    assertEquals(2, letters.list(DeadLetterState.OPEN, null, 10).size());
  }

  @Test
  void aRetriedRejectionIsSeenAndCountedOnce() {
    RejectedRows rejected =
        new RejectedRows(
            UUID.randomUUID(), List.of(new RejectedRow("file", 7, "{}", "score_nan", "NaN")));
    store.reject(run, rejected);
    assertEquals(new RowCounts(0, 0, 0, 1), store.reject(run, rejected));
    assertEquals(1, letters.list(DeadLetterState.OPEN, null, 10).get(0).attempts());
    assertEquals(
        1, new RunLedger(test.database()).succeed(run, new InputSize(1, 0)).counts().rejected());
  }

  @Test
  void applyingAReplayedRowClosesItsDeadLetter() {
    short model = new ModelRegistry(test.database()).findOrRegister("m").id();
    reject(run, new RejectedRow("file", 7, "{}", "model_version_unknown", "m"));
    long id = letters.greatestId();
    ScoreBatch.Builder batch = ScoreBatch.builder("dead_letter", "m", 1);
    Scores.Row row = row(1, 1, 0.5, 1);
    batch.add(id, row.storeId(), row.productId(), row.score(), row.scoredAtMicros());
    String replay = Runs.start(test.database());
    store.applyReplayed(replay, new TaggedScores(model, batch.build(UUID.randomUUID())));
    assertEquals(DeadLetterState.REPLAYED, letters.find(id).orElseThrow().state());
    assertEquals(List.of("3"), test.query("SELECT origin FROM availability_score"));
  }

  @Test
  void aReplayedRowRejectedAgainKeepsItsLetterOpenWithTheNewReason() {
    reject(run, new RejectedRow("file", 7, "{}", "model_version_unknown", "m"));
    long id = letters.greatestId();
    store.rejectReplayed(
        Runs.start(test.database()),
        new RejectedRows(
            UUID.randomUUID(),
            List.of(new RejectedRow("dead_letter", id, "{}", "model_version_retired", "m"))));
    DeadLetter letter = letters.find(id).orElseThrow();
    assertEquals(DeadLetterState.OPEN, letter.state());
    assertEquals("model_version_retired", letter.reason());
    assertEquals("file", letter.source());
    assertEquals(2, letter.attempts());
  }

  @Test
  void openLettersComeInPagesAndDiscardedOnesDoNot() {
    List<RejectedRow> rows = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      rows.add(new RejectedRow("file", i, "{}", i == 2 ? "score_nan" : "score_missing", ""));
    }
    store.reject(run, new RejectedRows(UUID.randomUUID(), rows));
    assertEquals(1, letters.discard(List.of(), "score_nan"));
    long upTo = letters.greatestId();
    List<DeadLetter> page = letters.open(InputKind.SCORE_ROW, 0, upTo, null, 3);
    assertEquals(3, page.size());
    assertEquals(1, letters.open(InputKind.SCORE_ROW, page.get(2).id(), upTo, null, 3).size());
    assertEquals(1, letters.discard(List.of(page.get(0).id()), null));
    assertEquals(3, letters.open(InputKind.SCORE_ROW, 0, upTo, null, 10).size());
  }

  private void reject(String runId, RejectedRow row) {
    store.reject(runId, new RejectedRows(UUID.randomUUID(), List.of(row)));
  }
}
