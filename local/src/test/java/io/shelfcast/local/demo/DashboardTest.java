package io.shelfcast.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class DashboardTest {

  private final StringWriter shown = new StringWriter();

  @Test
  void aTerminalsLinesAreWrittenOverAndHaveABarForEachSecond() {
    Dashboard dashboard =
        new Dashboard(new PrintWriter(shown), true, Bars.in(StandardCharsets.UTF_8.name()));
    dashboard.show(1, reads(100), reads(100), refreshes());
    long lines = shown.toString().lines().count();
    shown.getBuffer().setLength(0);
    dashboard.show(2, reads(30), reads(65), refreshes());
    String second = shown.toString();
    assertTrue(second.startsWith("\u001b[" + lines + "A"), second);
    assertEquals(lines, second.lines().count());
    assertTrue(second.contains("  stale      65.0 %  █▃\n"), second);
    assertTrue(second.lines().allMatch(line -> line.length() < 90), second);
  }

  @Test
  void elsewhereThereIsALineEveryFiveSeconds() {
    Dashboard dashboard = new Dashboard(new PrintWriter(shown), false);
    for (int second = 1; second <= 6; second++) {
      dashboard.show(second, reads(40), reads(40), refreshes());
    }
    assertEquals(
        "demo:   1 s: 2/s of 50 items, p50 2.0 ms, p99 2.0 ms, 1 failed; 40.0 % of the items stale;"
            + " 120 scores/s, lag p50 300 ms, p99 900 ms, 1,200 in all; IN_STOCK 75.0 %,"
            + " LOW 0.0 %, OUT 25.0 %, UNKNOWN 0.0 %; a 50.0 %, b 50.0 %",
        shown.toString().lines().findFirst().orElseThrow());
    assertEquals(2, shown.toString().lines().count());
  }

  @Test
  void barsAreAsciiWhereBlocksCannotBeShown() {
    assertEquals("_=#", Bars.in("US-ASCII").of(List.of(0.9, 0.0, 0.5, 1.0), 3));
  }

  /** Of one second in which two reads of 50 items each were answered. */
  private static ReadFigures reads(long stale) {
    Histogram latencies = new Histogram(3);
    latencies.recordValue(2_000);
    return new ReadFigures(
        1,
        2,
        1,
        100,
        stale,
        Map.of("IN_STOCK", 75L, "OUT", 25L),
        Map.of("a", 1L, "b", 1L),
        latencies);
  }

  private static RefreshFigures refreshes() {
    return new RefreshFigures(120, 1_200, 300, 900);
  }
}
