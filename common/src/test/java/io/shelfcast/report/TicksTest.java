package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TicksTest {

  @Test
  void aWholeIsCutIntoFifths() {
    assertEquals(List.of("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"), texts(Ticks.over(0, 1, 6)));
  }

  @Test
  void theyReachBeyondWhatIsDrawn() {
    assertEquals(List.of("0.80", "0.85", "0.90", "0.95"), texts(Ticks.over(0.8123, 0.9411, 5)));
  }

  @Test
  void largeNumbersHaveNoDigitsAfterThePoint() {
    Ticks ticks = Ticks.over(120, 94_000, 5);

    assertEquals(0, ticks.decimals());
    assertEquals(
        List.of("0", "20000", "40000", "60000", "80000", "100000"),
        ticks.values().stream().map(BigDecimal::toPlainString).toList());
  }

  @Test
  void theyGoThroughZero() {
    assertEquals(List.of("-1.0", "-0.5", "0.0", "0.5"), texts(Ticks.over(-0.7, 0.4, 4)));
  }

  @Test
  void oneNumberAloneHasRoomAroundIt() {
    Ticks ticks = Ticks.over(0.9, 0.9, 5);

    assertTrue(ticks.from().doubleValue() < 0.9 && 0.9 < ticks.to().doubleValue(), ticks::toString);
    assertEquals(List.of("-1.0", "-0.5", "0.0", "0.5", "1.0"), texts(Ticks.over(0, 0, 5)));
  }

  @Property
  void theyAreFewAndRoundAndHoldEverything(
      @ForAll @DoubleRange(min = -1e12, max = 1e12) double one,
      @ForAll @DoubleRange(min = -1e12, max = 1e12) double other,
      @ForAll @IntRange(min = 2, max = 10) int steps) {
    Ticks ticks = Ticks.over(Math.min(one, other), Math.max(one, other), steps);

    List<BigDecimal> values = ticks.values();
    assertTrue(values.size() >= 2 && values.size() <= steps + 2, ticks::toString);
    assertTrue(
        List.of("1", "2", "5").contains(ticks.step().stripTrailingZeros().unscaledValue() + ""),
        ticks::toString);
    assertTrue(values.get(0).compareTo(BigDecimal.valueOf(Math.min(one, other))) <= 0);
    assertTrue(
        values.get(values.size() - 1).compareTo(BigDecimal.valueOf(Math.max(one, other))) >= 0);
    assertEquals(0, values.get(values.size() - 1).compareTo(ticks.to()));
  }

  private static List<String> texts(Ticks ticks) {
    return ticks.values().stream()
        .map(tick -> NumberTextTest.plain(tick, ticks.decimals()))
        .toList();
  }
}
