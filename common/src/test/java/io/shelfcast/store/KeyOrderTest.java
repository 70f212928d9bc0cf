package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.ScoreBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeyOrderTest {

  @Example
  void rowsInTheOrderOfTheirKeysStayAsTheyAre() {
    ScoreBatch batch =
        Scores.batch("m", List.of(row(0, 5, 0.1, 0), row(1, 0, 0.1, 0), row(1, 3, 0.1, 0)));
    assertArrayEquals(new int[] {0, 1, 2}, KeyOrder.greatestPerKey(batch));
  }

  @Property(tries = 500)
  void thereIsTheGreatestRowOfEachKeyInTheOrderOfTheKeys(@ForAll("rows") List<Scores.Row> rows) {
    Comparator<Scores.Row> byGreatness =
        Comparator.comparingLong(Scores.Row::second).thenComparingDouble(Scores.Row::score);
    TreeMap<List<Long>, Scores.Row> expected =
        new TreeMap<>(
            Comparator.<List<Long>>comparingLong(key -> key.get(0))
                .thenComparingLong(key -> key.get(1)));
    for (Scores.Row row : rows) {
      expected.merge(
          List.of(row.storeId(), row.productId()),
          row,
          (a, b) -> byGreatness.compare(a, b) >= 0 ? a : b);
    }
    List<Scores.Row> found = new ArrayList<>();
    for (int index : KeyOrder.greatestPerKey(Scores.batch("m", rows))) {
      found.add(rows.get(index));
    }
    assertEquals(new ArrayList<>(expected.values()), found);
  }

  @Provide
  Arbitrary<List<Scores.Row>> rows() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 5),
            Arbitraries.longs().between(0, 5),
            Arbitraries.of(0.0, 0.5, 1.0),
            Arbitraries.longs().between(0, 3))
        .as(Scores.Row::new)
        .list()
        .ofMaxSize(120);
  }
}
