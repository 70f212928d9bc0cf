package io.shelfcast.benchmarks;

import java.util.List;
import java.util.Locale;

/** Rows a second against table size, both on logarithmic scales, as a picture. */
final class Plot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 480;
  private static final int TOP = 40;
  private static final int BOTTOM = 370;

  private final List<Result> results;
  private final double leastRows;
  private final double mostRows;

  private Plot(List<Result> results) {
    this.results = results;
    this.leastRows = results.stream().mapToDouble(Result::rows).min().orElse(1);
    this.mostRows =
        Math.max(leastRows * 1.01, results.stream().mapToDouble(Result::rows).max().orElse(2));
  }

  /** Of rows that have all changed; of the ways that start afresh, into an empty table. */
  static String svg(List<Result> results) {
    return new Plot(results).svg();
  }

  private String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="%d" y="20" font-size="14">Rows a second against rows in the table, all changed</text>
        """
            .formatted(WIDTH, HEIGHT, LEFT));
    for (int rate : new int[] {10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000}) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eeeeee\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,d</text>%n",
              LEFT,
              RIGHT,
              y(rate),
              y(rate),
              LEFT - 6,
              y(rate) + 4,
              rate));
    }
    for (long rows : results.stream().map(Result::rows).distinct().toList()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
              x((double) rows),
              BOTTOM + 18,
              rows));
    }
    int legend = TOP + 14;
    for (Method method : Method.values()) {
      line(svg, method, legend);
      legend += 22;
    }
    return svg.append("</svg>\n").toString();
  }

  private void line(StringBuilder svg, Method method, int legend) {
    State state = method.isFresh() ? State.EMPTY : State.ALL;
    StringBuilder points = new StringBuilder();
    for (long rows : results.stream().map(Result::rows).distinct().sorted().toList()) {
      double[] rates =
          results.stream()
              .filter(r -> r.rows() == rows && r.state() == state && r.method() == method)
              .mapToDouble(Result::rowsPerSecond)
              .sorted()
              .toArray();
      if (rates.length > 0) {
        points.append(
            String.format(Locale.ROOT, "%.1f,%.1f ", x((double) rows), y(Report.median(rates))));
      }
    }
    String color = method.color();
    svg.append(
        """
        <polyline points="%1$s" fill="none" stroke="%2$s" stroke-width="2"/>
        <line x1="%3$d" x2="%4$d" y1="%5$d" y2="%5$d" stroke="%2$s" stroke-width="3"/>
        <text x="%6$d" y="%7$d" font-size="11">%8$s</text>
        """
            .formatted(
                points.toString().strip(),
                color,
                RIGHT + 10,
                RIGHT + 28,
                legend,
                RIGHT + 34,
                legend + 4,
                method.title()));
  }

  private double x(double rows) {
    return LEFT
        + 20
        + (RIGHT - LEFT - 40) * Math.log(rows / leastRows) / Math.log(mostRows / leastRows);
  }

  private static double y(double rate) {
    return BOTTOM - (BOTTOM - TOP) * Math.log10(rate / 10_000) / Math.log10(300);
  }
}
