package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ThinningTest {

  private static final int MANY = 10_000;

  @Test
  void aShortLineStaysAsItIs() {
    List<Place> line = line(Thinning.LIMIT, i -> new Place(i, 0));

    assertEquals(Thinning.LIMIT, Thinning.kept(line).cardinality());
    assertEquals(0, Thinning.kept(List.of()).cardinality());
  }

  @Test
  void ofAStraightLineItsEndsAreEnough() {
    BitSet kept = Thinning.kept(line(MANY, i -> new Place(i * 0.06, 30)));

    assertEquals("{0, 9999}", kept.toString());
  }

  @Test
  void nobodySeesTheDifferenceInACurve() {
    // Most of its points lie in a corner of it, as those of a found rate do.
    List<Place> curve =
        line(
            MANY,
            i -> {
              double x = Math.pow(i / (double) MANY, 4);
              return new Place(600 * x, 200 + 150 * Math.sin(9 * x));
            });

    BitSet kept = Thinning.kept(curve);

    assertTrue(kept.cardinality() < Thinning.LIMIT, kept::toString);
    assertTrue(farthest(curve, kept) < 0.06, () -> "" + farthest(curve, kept));
  }

  @Test
  void aSingleSpikeIsKept() {
    BitSet kept = Thinning.kept(line(MANY, i -> new Place(i * 0.06, i == 7777 ? 12 : 300)));

    assertTrue(kept.get(7776) && kept.get(7777) && kept.get(7778), kept::toString);
  }

  @Property(tries = 20)
  void endsAndExtremesAreKeptOfEverything(@ForAll long seed) {
    Random random = new Random(seed);
    List<Place> noise =
        line(MANY, i -> new Place(random.nextDouble() * 600, random.nextGaussian() * 100));

    BitSet kept = Thinning.kept(noise);

    assertTrue(kept.cardinality() <= Thinning.LIMIT);
    assertTrue(kept.get(0) && kept.get(MANY - 1));
    for (Comparator<Place> order :
        List.of(Comparator.comparingDouble(Place::x), Comparator.comparingDouble(Place::y))) {
      assertTrue(kept.get(noise.indexOf(noise.stream().min(order).orElseThrow())));
      assertTrue(kept.get(noise.indexOf(noise.stream().max(order).orElseThrow())));
    }
  }

  private static List<Place> line(int count, IntFunction<Place> place) {
    return IntStream.range(0, count).mapToObj(place).toList();
  }

  /** Of all points from the line through those that were kept. */
  private static double farthest(List<Place> line, BitSet kept) {
    double farthest = 0;
    for (int start = 0, end; (end = kept.nextSetBit(start + 1)) > 0; start = end) {
      for (int i = start; i <= end; i++) {
        farthest = Math.max(farthest, line.get(i).distanceTo(line.get(start), line.get(end)));
      }
    }
    return farthest;
  }
}
