package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeTry;

/** Guarantees 1 and 2, on a real PostgreSQL, over whatever rows, orders, repeats and failures. */
class ConvergenceTest {

  private static final TestDatabase TEST = TestDatabase.create();
  private static final short MODEL = new ModelRegistry(TEST.database()).findOrRegister("m").id();

  @BeforeTry
  void empty() {
    TEST.execute("TRUNCATE availability_score");
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void anyBatchesInAnyOrderWithRetriesLeaveTheGreatestRowOfEachKeyAndExactCounts(
      @ForAll("batches") List<List<Scores.Row>> batches, @ForAll Random random) {
    String run = Runs.start(TEST.database());
    applyAsARunnerThatFails(run, batches(batches), random);

    assertEquals(oracle(batches), table());
    long rows = batches.stream().mapToLong(List::size).sum();
    RowCounts counts = new RunLedger(TEST.database()).succeed(run, new InputSize(rows, 0)).counts();
    assertEquals(rows, counts.read());
    assertEquals(table().size(), counts.inserted());
    assertEquals(0, counts.rejected());
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void twoRunsAtOnceOverTheSameKeysConvergeAndNoDeadlockSurfaces(
      @ForAll("batches") List<List<Scores.Row>> first,
      @ForAll("batches") List<List<Scores.Row>> second,
      @ForAll long seed)
      throws Exception {
    ExecutorService runs = Executors.newFixedThreadPool(2);
    try {
      CountDownLatch start = new CountDownLatch(2);
      List<Future<RowCounts>> ends = new ArrayList<>();
      for (List<List<Scores.Row>> batches : List.of(first, second)) {
        String run = Runs.start(TEST.database());
        long rows = batches.stream().mapToLong(List::size).sum();
        ends.add(
            runs.submit(
                () -> {
                  start.countDown();
                  start.await();
                  applyAsARunnerThatFails(run, batches(batches), new Random(seed));
                  return new RunLedger(TEST.database())
                      .succeed(run, new InputSize(rows, 0))
                      .counts();
                }));
      }
      long inserted = 0;
      for (Future<RowCounts> end : ends) {
        inserted += end.get().inserted();
      }
      List<List<Scores.Row>> all = new ArrayList<>(first);
      all.addAll(second);
      assertEquals(oracle(all), table());
      assertEquals(table().size(), inserted);
    } finally {
      runs.shutdownNow();
    }
  }

  /** A sink that fails at random after its commit, so that the runner tries the batch again. */
  private static void applyAsARunnerThatFails(
      String run, List<TaggedScores> batches, Random random) {
    ScoreStore store = new ScoreStore(TEST.database());
    for (TaggedScores batch : batches) {
      boolean failedAfterCommit;
      do {
        store.apply(run, Origin.FULL_SYNC, batch);
        failedAfterCommit = random.nextInt(3) == 0;
      } while (failedAfterCommit);
    }
  }

  private static List<TaggedScores> batches(List<List<Scores.Row>> batches) {
    return batches.stream()
        .map(rows -> Scores.batch("m", rows))
        .map((ScoreBatch batch) -> new TaggedScores(MODEL, batch))
        .toList();
  }

  private static Set<String> oracle(List<List<Scores.Row>> batches) {
    Map<String, Scores.Row> greatest = new HashMap<>();
    for (List<Scores.Row> rows : batches) {
      for (Scores.Row row : rows) {
        greatest.merge(
            row.storeId() + "|" + row.productId(), row, (a, b) -> isGreater(b, a) ? b : a);
      }
    }
    return greatest.values().stream()
        .map(
            row ->
                "%d|%d|%s|%d"
                    .formatted(
                        row.storeId(), row.productId(), (float) row.score(), row.scoredAtMicros()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isGreater(Scores.Row a, Scores.Row b) {
    return a.second() > b.second() || (a.second() == b.second() && a.score() > b.score());
  }

  private static Set<String> table() {
    return TEST
        .query(
            "SELECT store_id, product_id, score, (extract(epoch FROM scored_at) * 1000000)::bigint"
                + " FROM availability_score")
        .stream()
        .map(
            line -> {
              String[] values = line.split("\\|", -1);
              return "%s|%s|%s|%s"
                  .formatted(values[0], values[1], Float.parseFloat(values[2]), values[3]);
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Few keys and few times, so that rows meet. */
  static Arbitrary<Scores.Row> row() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 4),
            Arbitraries.longs().between(0, 9),
            Arbitraries.of(0.0, 0.1, 0.25, 0.5, 0.9, 1.0),
            Arbitraries.longs().between(0, 3))
        .as(Scores.Row::new);
  }

  @Provide
  Arbitrary<List<List<Scores.Row>>> batches() {
    return row().list().ofMinSize(1).ofMaxSize(60).list().ofMinSize(1).ofMaxSize(8);
  }
}
