package io.shelfcast.local.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What goes on in a demo, in a few words: on a terminal some lines that change, otherwise a line
 * every few seconds.
 */
public final class Dashboard {

  private static final int WIDTH = 60;

  /** Where lines stay, one in so many seconds is enough. */
  private static final int SECONDS_BETWEEN_LINES = 5;

  /** In the order in which they are told. */
  private static final List<String> DECISIONS = List.of("IN_STOCK", "LOW", "OUT", "UNKNOWN");

  private final PrintWriter err;
  private final boolean terminal;
  private final Bars bars;
  private final List<Double> staleShares = new ArrayList<>();
  private int linesShown;

  /**
   * A dashboard.
   *
   * @param terminal whether lines can be written over
   */
  public Dashboard(PrintWriter err, boolean terminal) {
    this(err, terminal, Bars.onStandardError());
  }

  Dashboard(PrintWriter err, boolean terminal, Bars bars) {
    this.err = err;
    this.terminal = terminal;
    this.bars = bars;
  }

  /**
   * Shows the latest figures; to be called every second.
   *
   * @param seconds since when it runs
   * @param newest of the last second, whose stale share becomes a bar
   * @param lately of the last few seconds
   * @param refreshes of the same seconds
   */
  public void show(
      double seconds, ReadFigures newest, ReadFigures lately, RefreshFigures refreshes) {
    staleShares.add(newest.staleShare());
    if (!terminal) {
      if (staleShares.size() % SECONDS_BETWEEN_LINES == 1) {
        err.println(line(seconds, lately, refreshes));
        err.flush();
      }
      return;
    }
    List<String> lines = lines(seconds, lately, refreshes);
    if (linesShown > 0) {
      err.printf("\u001b[%dA", linesShown);
    }
    lines.forEach(line -> err.printf("\u001b[2K%s%n", line));
    err.flush();
    linesShown = lines.size();
  }

  private String line(double seconds, ReadFigures reads, RefreshFigures refreshes) {
    return text(
        "demo: %3.0f s: %s; %s of the items stale; %s; %s; %s",
        seconds,
        reads(reads),
        percent(reads.staleShare()),
        refreshes(refreshes),
        decisions(reads),
        models(reads));
  }

  private List<String> lines(double seconds, ReadFigures reads, RefreshFigures refreshes) {
    return List.of(
        "",
        text("  after      %.0f s; Ctrl-C stops it", seconds),
        "  reads      " + reads(reads),
        text("  stale      %-7s %s", percent(reads.staleShare()), bars.of(staleShares, WIDTH)),
        "  refreshed  " + refreshes(refreshes),
        "  decisions  " + decisions(reads),
        "  models     " + models(reads),
        "");
  }

  private static String reads(ReadFigures reads) {
    return text(
            "%,.0f/s of %.0f items, p50 %.1f ms, p99 %.1f ms",
            reads.reads() / Math.max(reads.seconds(), 1e-3),
            reads.items() / (double) Math.max(reads.reads(), 1),
            reads.latencyMillis(50),
            reads.latencyMillis(99))
        + (reads.failed() == 0 ? "" : text(", %,d failed", reads.failed()));
  }

  private static String refreshes(RefreshFigures refreshes) {
    if (refreshes.written() == 0) {
      return "no score is refreshed yet";
    }
    String lag =
        refreshes.lagMedianMillis() < 0
            ? ""
            : text(
                ", lag p50 %,d ms, p99 %,d ms",
                refreshes.lagMedianMillis(), refreshes.lagP99Millis());
    return text("%,.0f scores/s%s, %,d in all", refreshes.perSecond(), lag, refreshes.written());
  }

  private static String decisions(ReadFigures reads) {
    return DECISIONS.stream()
        .map(kind -> kind + ' ' + percent(share(reads.decisions(), kind)))
        .collect(Collectors.joining(", "));
  }

  private static String models(ReadFigures reads) {
    return reads.models().keySet().stream()
        .sorted()
        .map(model -> model + ' ' + percent(share(reads.models(), model)))
        .collect(Collectors.joining(", "));
  }

  private static double share(Map<String, Long> counts, String name) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return counts.getOrDefault(name, 0L) / (double) Math.max(all, 1);
  }

  private static String percent(double share) {
    return text("%.1f %%", share * 100);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
