package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeTry;

/** What a snapshot leaves, and its counts, against the same done in memory. */
class SnapshotConvergenceTest {

  private static final TestDatabase TEST = TestDatabase.create();
  private static final short MODEL = new ModelRegistry(TEST.database()).findOrRegister("m").id();

  private static final Comparator<Scores.Row> BY_GREATNESS =
      Comparator.comparingLong(Scores.Row::second).thenComparingDouble(row -> (float) row.score());

  @BeforeTry
  void empty() {
    TEST.execute("TRUNCATE availability_score");
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void aSnapshotIsTheInputAndWhatWasNewerAndEachRowIsCounted(
      @ForAll("rows") List<Scores.Row> held,
      @ForAll("batches") List<List<Scores.Row>> input,
      @ForAll Random random) {
    new ScoreStore(TEST.database())
        .apply(Runs.start(TEST.database()), Origin.REFRESH, tagged(held));
    String run = Runs.start(TEST.database(), "snapshot");
    Snapshots snapshots = new Snapshots(TEST.database());
    for (List<Scores.Row> rows : input) {
      TaggedScores batch = tagged(rows);
      do {
        snapshots.load(run, batch);
      } while (random.nextInt(3) == 0);
    }
    long read = input.stream().mapToLong(List::size).sum();
    RunSummary ended = snapshots.swapIn(run, "m", new InputSize(read, 0));

    Map<String, Scores.Row> old = greatest(held);
    Map<String, Scores.Row> now = greatest(input.stream().flatMap(List::stream).toList());
    long keys = now.size();
    long newest = now.values().stream().mapToLong(Scores.Row::second).max().orElseThrow();
    long carriedOver = 0;
    long overtaken = 0;
    long removed = 0;
    for (Map.Entry<String, Scores.Row> row : old.entrySet()) {
      Scores.Row replacement = now.get(row.getKey());
      if (replacement == null && row.getValue().second() <= newest) {
        removed++;
      } else if (replacement == null || BY_GREATNESS.compare(row.getValue(), replacement) > 0) {
        carriedOver++;
        overtaken += replacement == null ? 0 : 1;
        now.put(row.getKey(), row.getValue());
      }
    }
    assertEquals(
        now.entrySet().stream()
            .map(
                row ->
                    "%s|%s|%d"
                        .formatted(
                            row.getKey(),
                            (float) row.getValue().score(),
                            row.getValue().scoredAtMicros()))
            .toList(),
        TEST
            .query(
                "SELECT store_id, product_id, score::float8::text, (extract(epoch FROM scored_at)"
                    + " * 1000000)::bigint FROM availability_score ORDER BY 1, 2")
            .stream()
            .map(SnapshotConvergenceTest::withFloat)
            .toList());
    assertEquals(new RowCounts(keys - overtaken, 0, read - keys + overtaken, 0), ended.counts());
    RunSummary.Swap swap = ended.swap();
    assertNotNull(swap);
    assertEquals(new RunSummary.Swap(carriedOver, removed), swap);
  }

  private static String withFloat(String line) {
    String[] values = line.split("\\|", -1);
    return "%s|%s|%s|%s"
        .formatted(values[0], values[1], (float) Double.parseDouble(values[2]), values[3]);
  }

  private static Map<String, Scores.Row> greatest(List<Scores.Row> rows) {
    // One digit each, so text and numbers sort alike.
    Map<String, Scores.Row> greatest = new TreeMap<>();
    for (Scores.Row row : rows) {
      greatest.merge(
          row.storeId() + "|" + row.productId(),
          row,
          (a, b) -> BY_GREATNESS.compare(a, b) >= 0 ? a : b);
    }
    return greatest;
  }

  private static TaggedScores tagged(List<Scores.Row> rows) {
    return new TaggedScores(MODEL, Scores.batch("m", rows));
  }

  @Provide
  Arbitrary<List<Scores.Row>> rows() {
    return ConvergenceTest.row().list().ofMinSize(1).ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<List<Scores.Row>>> batches() {
    return rows().list().ofMinSize(1).ofMaxSize(5);
  }
}
