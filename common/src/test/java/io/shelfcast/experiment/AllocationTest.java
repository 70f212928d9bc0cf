package io.shelfcast.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class AllocationTest {

  private static final Percentage NONE = new Percentage(0);

  @Property(tries = 300)
  void sharesAreExact(@ForAll("history") List<Map<Short, Percentage>> history) {
    Allocation allocation = Allocation.ALL_LIVE;
    for (Map<Short, Percentage> shares : history) {
      allocation = allocation.withPercentages(shares);
      Map<Short, Percentage> positive = new LinkedHashMap<>(shares);
      positive.values().removeIf(NONE::equals);
      assertEquals(positive, allocation.percentages());
      assertEquals(allocation, Allocation.of(allocation.candidates()));
    }
  }

  /** A bucket changes hands only if it came from live, or if the one that had it shrank. */
  @Property(tries = 300)
  void usersStayWithACandidateThatDoesNotShrink(
      @ForAll("history") List<Map<Short, Percentage>> history) {
    Allocation before = Allocation.ALL_LIVE;
    for (Map<Short, Percentage> shares : history) {
      Allocation after = before.withPercentages(shares);
      int moved = 0;
      for (int i = 0; i < Allocation.BUCKETS; i++) {
        short had = before.candidate(i);
        if (had != after.candidate(i)) {
          moved++;
          assertTrue(
              had == Allocation.LIVE
                  || tenths(after.percentages(), had) < tenths(before.percentages(), had),
              "bucket " + i + " was taken from a candidate that did not shrink");
        }
      }
      assertEquals(fewestMoves(before, after), moved);
      before = after;
    }
  }

  /** What shrinks has to be given back, and what grows to be taken; live is one of both. */
  private static int fewestMoves(Allocation before, Allocation after) {
    int shrunk = 0;
    int grown = 0;
    for (short candidate = 1; candidate <= 4; candidate++) {
      int change = tenths(after.percentages(), candidate) - tenths(before.percentages(), candidate);
      shrunk += Math.max(0, -change);
      grown += Math.max(0, change);
    }
    long wereLive = before.candidates().stream().filter(had -> had == Allocation.LIVE).count();
    // From one candidate to another only what live could not give.
    return shrunk + (int) Math.min(grown, wereLive);
  }

  @Property(tries = 100)
  void theOrderGivenDoesNotMatter(@ForAll("history") List<Map<Short, Percentage>> history) {
    Allocation one = Allocation.ALL_LIVE;
    Allocation other = Allocation.ALL_LIVE;
    for (Map<Short, Percentage> shares : history) {
      List<Short> names = new ArrayList<>(shares.keySet());
      Collections.reverse(names);
      Map<Short, Percentage> reversed = new LinkedHashMap<>();
      names.forEach(name -> reversed.put(name, shares.getOrDefault(name, NONE)));
      one = one.withPercentages(shares);
      other = other.withPercentages(reversed);
      assertEquals(one, other);
    }
  }

  @Provide
  Arbitrary<List<Map<Short, Percentage>>> history() {
    // Up to four candidates, so that shares of up to 250 tenths always fit; and often they fill it.
    Arbitrary<Percentage> share =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.of(new Percentage(0), new Percentage(250))),
            Tuple.of(2, Arbitraries.integers().between(0, 250).map(Percentage::new)));
    return Arbitraries.maps(Arbitraries.shorts().between((short) 1, (short) 4), share)
        .ofMaxSize(4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  private static int tenths(Map<Short, Percentage> shares, short candidate) {
    return shares.getOrDefault(candidate, NONE).tenths();
  }

  @Example
  void usersWhoComeBackAreThoseWhoHadItFirst() {
    Allocation five = Allocation.ALL_LIVE.withPercentages(Map.of((short) 1, new Percentage(50)));
    Allocation ten = five.withPercentages(Map.of((short) 1, new Percentage(100)));
    assertEquals(five, ten.withPercentages(Map.of((short) 1, new Percentage(50))));
  }

  @Example
  void nobodyGoesFromOneCandidateToAnotherAsLongAsLiveHasUsersLeft() {
    Allocation before = Allocation.ALL_LIVE.withPercentages(Map.of((short) 1, new Percentage(400)));
    Allocation after = before.withPercentages(Map.of((short) 2, new Percentage(600)));
    for (int i = 0; i < Allocation.BUCKETS; i++) {
      assertEquals(i < 400 ? Allocation.LIVE : 2, after.candidate(i));
    }
  }

  @Example
  void moreThanAHundredPercentIsRefused() {
    Map<Short, Percentage> shares =
        Map.of((short) 1, new Percentage(600), (short) 2, new Percentage(405));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Allocation.ALL_LIVE.withPercentages(shares));
    assertTrue(refused.getMessage().contains("100.5 %; write at most 100"), refused.getMessage());
  }

  @Example
  void bucketsThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Allocation.of(List.of((short) 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Allocation.of(Collections.nCopies(Allocation.BUCKETS, (short) -1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Allocation.ALL_LIVE.withPercentages(Map.of(Allocation.LIVE, new Percentage(1))));
  }

  @Example
  void percentagesAreWrittenInStepsOfATenth() {
    assertEquals(new Percentage(50), Percentage.parse("5"));
    assertEquals(new Percentage(5), Percentage.parse("0.50"));
    assertEquals(new Percentage(1000), Percentage.parse("1E2"));
    assertEquals("12.3", Percentage.parse("12.3").toString());
    assertEquals("100", new Percentage(1000).toString());
    for (String wrong : List.of("", "x", "5%", "0.05", "-1", "100.1", "1e9", "NaN")) {
      assertThrows(IllegalArgumentException.class, () -> Percentage.parse(wrong), wrong);
    }
  }
}
