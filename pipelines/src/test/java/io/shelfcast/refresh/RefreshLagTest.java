package io.shelfcast.refresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefreshLagTest {

  @Test
  void aPercentileIsAtMostAFourthTooHigh() {
    Map<String, Long> counters = new HashMap<>();
    for (long millis = 1; millis <= 10_000; millis++) {
      counters.merge(RefreshLag.counterName(RefreshLag.rangeOf(millis)), 1L, Long::sum);
    }
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
      double exact = 10_000 * share;
      long told = RefreshLag.percentile(name -> counters.getOrDefault(name, 0L), share);
      assertTrue(told >= exact && told <= exact * 1.26, share + ": " + told);
    }
  }

  @Test
  void withoutAnythingCommittedThereIsNone() {
    assertEquals(-1, RefreshLag.percentile(name -> 0, 0.99));
  }

  @Test
  void everyLagHasARange() {
    assertEquals(0, RefreshLag.rangeOf(0));
    assertEquals(RefreshLag.RANGES - 1, RefreshLag.rangeOf(Long.MAX_VALUE));
    assertEquals("refresh_lag_ms_beyond", RefreshLag.counterName(RefreshLag.RANGES - 1));
    assertEquals("refresh_lag_ms_upto_00000010", RefreshLag.counterName(0));
  }
}
