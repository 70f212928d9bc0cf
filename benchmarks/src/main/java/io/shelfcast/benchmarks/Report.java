package io.shelfcast.benchmarks;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results as a page of Markdown. */
final class Report {

  /** Of the other parts of the file the first: they stay. */
  private static final String NOTES = "# Notes";

  private final List<Result> results;
  private final String postgres;
  private final String command;

  Report(List<Result> results, String postgres, String command) {
    this.results = results;
    this.postgres = postgres;
    this.command = command;
  }

  /** The page as it is committed. */
  String page() {
    return """
        # Writing scores, side by side

        %s, %s. Java %s, PostgreSQL %s embedded, fsync on.

            %s

        One run, all ways taking turns; after each, a hash over all rows was that of the input. Times are
        of whole runs from Parquet to table in a warm JVM (by hand: from a file that COPY takes as it
        is, in one session). Ratios are of the median times, and of the least and the greatest that
        two runs of them give. The machine is shared: take the ratios, not the figures.

        ![rows a second against table size](write.svg)

        %s
        """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Machine.describe(),
            System.getProperty("java.version"),
            postgres,
            command,
            tables());
  }

  /** What people have written under an earlier page, which stays. */
  static String notes(String page) {
    int start = page.indexOf(NOTES);
    return start < 0 ? "" : page.substring(start);
  }

  /** The page with a section in the place of the one with its heading; what people wrote stays. */
  static String withSection(String page, String section) {
    int start = page.indexOf(section.substring(0, section.indexOf('\n') + 1));
    if (start < 0) {
      return page + (page.isEmpty() ? "" : "\n") + section;
    }
    int end = page.indexOf("\n# ", start);
    return page.substring(0, start) + section + (end < 0 ? "" : page.substring(end));
  }

  /** The tables alone. */
  String tables() {
    StringBuilder text = new StringBuilder();
    for (long rows : results.stream().map(Result::rows).distinct().toList()) {
      for (State state : State.values()) {
        table(text, rows, state);
      }
    }
    return text.toString();
  }

  private void table(StringBuilder text, long rows, State state) {
    if (results.stream().noneMatch(r -> r.rows() == rows && r.state() == state)) {
      return;
    }
    text.append(String.format(Locale.ROOT, "## %,d rows, %s%n%n", rows, state.title()));
    text.append(
        "| way | seconds | rows/s | × stock | × by hand (e) | WAL MB | table MB | heap MB |\n");
    text.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (Method method : Method.values()) {
      double[] seconds = of(rows, state, method, Result::seconds);
      if (seconds.length == 0) {
        continue;
      }
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,.0f | %s | %s | %,.0f | %,.0f | %s |%n",
              method.title(),
              range(seconds, "%.2f"),
              rows / median(seconds),
              ratio(of(rows, state, Method.STOCK, Result::seconds), seconds),
              ratio(of(rows, State.EMPTY, Method.HAND_COPY, Result::seconds), seconds),
              median(of(rows, state, method, result -> result.walBytes() / 1e6)),
              median(of(rows, state, method, result -> result.tableBytes() / 1e6)),
              heap(of(rows, state, method, result -> result.heapBytes() / 1e6))));
    }
    text.append('\n');
  }

  private static String heap(double[] megabytes) {
    double most = Arrays.stream(megabytes).max().orElse(0);
    return most == 0 ? "" : String.format(Locale.ROOT, "%.0f", most);
  }

  private double[] of(long rows, State state, Method method, ToDoubleFunction<Result> what) {
    return results.stream()
        .filter(r -> r.rows() == rows && r.state() == state && r.method() == method)
        .mapToDouble(what)
        .sorted()
        .toArray();
  }

  /** How many times as fast the second is. */
  private static String ratio(double[] base, double[] seconds) {
    if (base.length == 0) {
      return "";
    }
    String middle = String.format(Locale.ROOT, "%.2f", median(base) / median(seconds));
    return base.length == 1 || seconds.length == 1
        ? middle
        : String.format(
            Locale.ROOT,
            "%s (%.2f–%.2f)",
            middle,
            base[0] / seconds[seconds.length - 1],
            base[base.length - 1] / seconds[0]);
  }

  private static String range(double[] sorted, String format) {
    String middle = String.format(Locale.ROOT, format, median(sorted));
    return sorted.length == 1
        ? middle
        : "%s (%s–%s)"
            .formatted(
                middle,
                String.format(Locale.ROOT, format, sorted[0]),
                String.format(Locale.ROOT, format, sorted[sorted.length - 1]));
  }

  static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
