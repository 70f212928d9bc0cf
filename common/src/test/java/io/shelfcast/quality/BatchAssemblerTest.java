package io.shelfcast.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {

  private final List<ScoreBatch> batches = new ArrayList<>();
  private final List<RejectedRows> rejected = new ArrayList<>();

  @Test
  void batchesHaveOneModelVersionAndNoMoreRowsThanAllowed() {
    BatchAssembler rows = assembler("0", 2);
    for (int i = 0; i < 5; i++) {
      rows.accept(i, i % 2 == 0 ? "a" : "b", 1, i, 0.5, 0);
    }
    rows.finish();
    assertEquals(List.of("a", "b", "a"), batches.stream().map(ScoreBatch::modelVersion).toList());
    assertEquals(List.of(2, 2, 1), batches.stream().map(ScoreBatch::size).toList());
    assertEquals(5, rows.rows());
  }

  @Test
  void theSameRowsGiveTheSameIdsAndAnotherPartOtherOnes() {
    List<UUID> first = ids("0");
    assertEquals(first, ids("0"));
    assertNotEquals(first, ids("1"));
    assertEquals(first.size(), new HashSet<>(first).size());
  }

  @Test
  void aThousandModelVersionsInTurnDoNotPileUp() {
    BatchAssembler rows = assembler("0", 1000);
    for (int i = 0; i < 1000; i++) {
      rows.accept(i, "m" + i, 1, 1, 0.5, 0);
    }
    assertTrue(batches.size() > 900, () -> batches.size() + " batches");
    rows.finish();
    assertEquals(1000, batches.stream().mapToInt(ScoreBatch::size).sum());
  }

  @Test
  void rejectedRowsComeInBoundedNumbers() {
    BatchAssembler rows = assembler("0", 10);
    for (int i = 0; i < 2500; i++) {
      rows.reject(i, "{}", new Rejection.ScoreIsNan());
    }
    rows.finish();
    assertEquals(List.of(1000, 1000, 500), rejected.stream().map(r -> r.rows().size()).toList());
    assertEquals(2500, rows.rows());
    assertEquals("score_nan", rejected.get(0).rows().get(0).reason());
  }

  private List<UUID> ids(String part) {
    batches.clear();
    rejected.clear();
    BatchAssembler rows = assembler(part, 2);
    rows.accept(1, "a", 1, 1, 0.5, 0);
    rows.reject(2, "{}", new Rejection.ScoreIsNan());
    rows.accept(3, "a", 1, 1, 0.5, 0);
    rows.accept(4, "a", 1, 1, 0.5, 0);
    rows.finish();
    List<UUID> ids = new ArrayList<>(batches.stream().map(ScoreBatch::id).toList());
    rejected.forEach(rows2 -> ids.add(rows2.id()));
    return ids;
  }

  private BatchAssembler assembler(String part, int size) {
    return new BatchAssembler("file", part, size, batches::add, rejected::add);
  }
}
