package io.shelfcast.benchmarks;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What was measured of reads, as a section of Markdown. */
final class ReadReport {

  static final int SWAP_ITEMS = 100;

  /** Of Feast's Java server with Redis, 16 cores, as it published them: p99 in ms by rows. */
  private static final Map<Integer, String> FEAST =
      Map.of(1, "0.8", 10, "2.2", 50, "7.3", 100, "17");

  private static final double BARE_TIMES = 1.5;
  private static final double BARE_PLUS_MILLIS = 1;

  private final String command;
  private final List<Point> points = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<Swap> swaps = new ArrayList<>();
  private double bareSaturation;

  ReadReport(String command) {
    this.command = command;
  }

  /**
   * Requests of one size.
   *
   * @param most requests a second at saturation
   */
  record Point(
      int items,
      double most,
      double serverCores,
      double ownCores,
      Latencies half,
      Latencies high,
      long failedAtMost) {

    String row() {
      return String.format(
          Locale.ROOT,
          "| %,d | %,.0f | %,.0f | %.2f; %.2f | %s | %s | %s | %d |",
          items,
          most,
          most * items,
          serverCores,
          ownCores,
          times(half.histogram()),
          times(high.histogram()),
          FEAST.getOrDefault(items, ""),
          failedAtMost + half.failures() + high.failures());
    }
  }

  /** The server and the bare query at the same rate. */
  record Comparison(double share, double rate, List<Latencies> server, List<Latencies> bare) {

    Comparison {
      server = List.copyOf(server);
      bare = List.copyOf(bare);
    }

    String row() {
      Histogram ofServer = sum(server);
      Histogram ofBare = sum(bare);
      double allowed = Latencies.millis(ofBare, 99) * BARE_TIMES + BARE_PLUS_MILLIS;
      double measured = Latencies.millis(ofServer, 99);
      return String.format(
          Locale.ROOT,
          "| %.0f %%: %,.0f | %s (%s) | %s (%s) | %.2f | %s |",
          share * 100,
          rate,
          times(ofServer),
          each(server),
          times(ofBare),
          each(bare),
          allowed,
          verdict(measured, allowed));
    }

    private static Histogram sum(List<Latencies> rounds) {
      Histogram sum = rounds.get(0).histogram();
      rounds.stream().skip(1).forEach(round -> sum.add(round.histogram()));
      return sum;
    }

    private static String each(List<Latencies> rounds) {
      return rounds.stream()
          .map(round -> String.format(Locale.ROOT, "%.2f", Latencies.millis(round.histogram(), 99)))
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * Reads at one rate, without and with a full sync beside them.
   *
   * @param share of saturation
   * @param rate requests a second
   * @param swappedNanos when the sync's table was swapped in
   * @param seconds of the whole sync
   */
  record Swap(
      double share,
      double rate,
      Latencies quiet,
      Latencies during,
      long swappedNanos,
      double seconds) {

    String rows() {
      long second = Duration.ofSeconds(1).toNanos();
      String load = String.format(Locale.ROOT, "%.0f %%, %,.0f/s", share * 100, rate);
      return String.join(
          "\n",
          row(load + ": quiet", quiet.histogram(), String.valueOf(quiet.failures())),
          row(
              String.format(Locale.ROOT, "a full sync, all of its %.0f s", seconds),
              during.histogram(),
              String.valueOf(during.failures())),
          row(
              "of these within 1 s of the swap",
              during.histogram(swappedNanos - second, swappedNanos + second),
              ""));
    }

    private String row(String what, Histogram histogram, String failed) {
      return String.format(
          Locale.ROOT,
          "| %s | %,d | %s | %s | %.1f | %.2f |",
          what,
          histogram.getTotalCount(),
          failed,
          times(histogram),
          histogram.getMaxValue() / 1e6,
          Latencies.millis(histogram, 99) / Latencies.millis(quiet.histogram(), 99));
    }
  }

  void add(Point point) {
    points.add(point);
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  void add(Swap swap) {
    swaps.add(swap);
  }

  void bareSaturation(double perSecond) {
    bareSaturation = perSecond;
  }

  /** Requests a second at saturation. */
  double saturation(int items) {
    return points.stream().filter(point -> point.items() == items).findFirst().orElseThrow().most();
  }

  String section() {
    return """
        # Reading scores

        %s, %s. Java %s, PostgreSQL embedded. The server is a JVM of its own, with %s; what
        asks, the server and PostgreSQL share the cores. Stores are drawn evenly, and so are the products of each.

            %s

        Open loop: requests are due at a steady rate, and a latency counts from when its request was due, whatever
        became of those before it. One HTTP/1.1 connection a request at a time, kept alive, JSON. p50 and p99 are in ms.

        ## By items a request

        Saturation is a closed loop; then open loops at 50 and 80 %% of it. Feast's figures are the p99 that it published
        for its Java server: 16 cores for the server alone, and Redis, where here two cores do everything, and the store
        is PostgreSQL.

        | items | requests/s | items/s | cores: server; asking | p50, p99 at 50 %% | p50, p99 at 80 %% | Feast p99 | failed |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        %s

        ## 500 items of one store, beside the bare query

        The same statement by pgjdbc, with as many connections and the same session settings, every column of every row
        read, at the same rates, in turns. Its own saturation is %,.0f a second. In brackets the p99 of each round.

        | of the server's saturation: requests/s | server p50, p99 | bare p50, p99 | 1.5 × bare p99 + 1 | |
        | --- | --- | --- | --- | --- |
        %s

        ## While a snapshot is swapped in

        Requests of %d items, before and during a full sync (`--writeMode=snapshot`, its quality gate on) of all scores, which is
        yet another process on the same cores: at 10 %% of saturation, and at 50 %%, where both want more than there is. To reach:
        3 ×, and no read failed.

        | | reads | failed | p50, p99 | longest, ms | × quiet p99 |
        | --- | --- | --- | --- | --- | --- |
        %s
        """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Machine.describe(),
            System.getProperty("java.version"),
            String.join(" ", ReadData.SERVER_OPTIONS),
            command,
            points.stream().map(Point::row).collect(Collectors.joining("\n")),
            bareSaturation,
            comparisons.stream().map(Comparison::row).collect(Collectors.joining("\n")),
            SWAP_ITEMS,
            swaps.stream().map(Swap::rows).collect(Collectors.joining("\n")));
  }

  private static String times(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "%.2f, %.2f",
        Latencies.millis(histogram, 50),
        Latencies.millis(histogram, 99));
  }

  private static String verdict(double measured, double allowed) {
    return measured <= allowed ? "reached" : "missed";
  }
}
