package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void theGreatestBarIsFullAndNoScoreIsWithoutOne() {
    assertEquals(
        List.of(
            "0.00              1   0.1 % #",
            "0.25            500  33.3 % " + "#".repeat(20),
            "0.50              0   0.0 %",
            "0.75          1,000  66.6 % " + "#".repeat(40)),
        new Histogram('#').lines(List.of(1L, 500L, 0L, 1000L)));
  }

  @Test
  void withoutScoresThereAreNoBars() {
    assertEquals(List.of("0.00              0   0.0 %"), new Histogram('#').lines(List.of(0L)));
  }

  @Test
  void barsAreOfBlocksWhereTheyCanBeShown() {
    assertEquals('\u2588', Histogram.in("UTF-8").bar());
    assertEquals('#', Histogram.in("US-ASCII").bar());
    assertEquals('#', Histogram.in("no-such-encoding").bar());
  }
}
