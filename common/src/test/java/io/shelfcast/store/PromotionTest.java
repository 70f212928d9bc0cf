package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PromotionTest {

  private final TestDatabase test = TestDatabase.create();
  private final ModelRegistry models = new ModelRegistry(test.database());
  private final ModelComparisons comparisons = new ModelComparisons(test.database());

  private void models(String... names) {
    for (String name : names) {
      models.register(name, ModelStatus.CANDIDATE);
    }
  }

  private String live() {
    return models.live().orElseThrow().name();
  }

  @Test
  void theLastComparisonWithTheLiveVersionCounts() {
    models("a", "b", "c");
    models.promote("a");
    comparisons.record(ComparisonKind.OFFLINE, "b", "a", "first", "{}");
    comparisons.record(ComparisonKind.LIVE, "b", "a", "second", "{\"items\":1}");
    comparisons.record(ComparisonKind.LIVE, "b", "c", "with another one", "{}");
    comparisons.record(ComparisonKind.LIVE, "a", "b", "the other way round", "{}");

    Promotion promotion = Promotion.of("b", true, test.database());

    assertTrue(promotion.isDone());
    assertEquals("a", promotion.compared());
    ModelComparison comparison = promotion.comparison().orElseThrow();
    assertEquals(ComparisonKind.LIVE, comparison.kind());
    assertEquals("second", comparison.summary());
    assertEquals("b", live());
  }

  @Test
  void withoutOneItIsDoneUnlessOneIsNeeded() {
    models("a", "b");
    models.promote("a");
    Promotion refused = Promotion.of("b", true, test.database());
    assertFalse(refused.isDone());
    assertEquals("a", refused.compared());
    assertEquals("a", live());

    assertTrue(Promotion.of("b", false, test.database()).isDone());
    assertEquals("b", live());
  }

  @Test
  void whereNothingElseIsLiveNoneIsNeeded() {
    models("a");
    Promotion first = Promotion.of("a", true, test.database());
    assertTrue(first.isDone());
    assertNull(first.compared());
    Promotion again = Promotion.of("a", true, test.database());
    assertTrue(again.isDone());
    assertNull(again.compared());
  }

  @Test
  void aRetiredVersionIsRefusedAsSuch() {
    models("a", "b");
    models.promote("a");
    models.retire("b", Duration.ofDays(1));
    assertThrows(IllegalStateException.class, () -> Promotion.of("b", true, test.database()));
  }

  @Test
  void aVersionThatIsPromotedMeanwhileIsTheOneToBeComparedWith() throws Exception {
    models("a", "b", "c");
    models.promote("a");
    comparisons.record(ComparisonKind.LIVE, "b", "a", "with what was live", "{}");
    try (Connection other = test.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      ModelRegistry.lock(other);
      statement.execute("UPDATE model_version SET status = 'candidate' WHERE name = 'a'");
      statement.execute("UPDATE model_version SET status = 'live' WHERE name = 'c'");
      CompletableFuture<Promotion> waiting =
          CompletableFuture.supplyAsync(() -> Promotion.of("b", true, test.database()));
      while (!test.query(
              "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                  + " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()")
          .equals(List.of("1"))) {
        assertFalse(waiting.isDone());
      }
      other.commit();
      Promotion refused = waiting.get(20, TimeUnit.SECONDS);
      assertFalse(refused.isDone());
      assertEquals("c", refused.compared());
      assertEquals("c", live());
    }
  }
}
