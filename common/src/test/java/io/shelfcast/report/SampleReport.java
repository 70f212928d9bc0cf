package io.shelfcast.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A report such as a comparison of two models would be, over made-up data. */
final class SampleReport {

  static final int SEGMENTS = 12;

  private static final Axis SELECTED = Axis.percent("Selection rate").covering(0, 1);
  private static final Axis FOUND = Axis.percent("Found rate");

  private static final List<String> NAMES =
      List.of(
          "dairy",
          "fruit & vegetables",
          "bakery",
          "<frozen>",
          "drinks",
          "חלב ומוצריו",
          "meat",
          "pet food",
          "household \"basics\"",
          "baby",
          "sweets",
          "ready meals of a producer with a long name");

  private SampleReport() {}

  static HtmlReport report() {
    return HtmlReport.titled("Thresholds for realtime-v2")
        .leading("Found rates of 1 to 14 November 2026, 1,204,311 rows of 318 stores.")
        .section(
            "What is proposed",
            new Paragraph(
                "The thresholds below let a product be shown as available as often as the target"
                    + " found rate allows. They were chosen on the first ten days, and are judged"
                    + " here on the last four."),
            Note.warning(
                "2 of 12 segments have fewer than 500 rows; they keep the thresholds of the whole."),
            proposals(),
            new Verbatim(
                """
                rules:
                  - name: everywhere
                    low: 0.7
                    out: 0.3
                  - name: dairy
                    when: {category: dairy}
                    low: 0.8
                    out: 0.4
                """))
        .section(
            "Found rate against selection rate",
            found("All segments", 0.0, 1).noting("Bands: 95 % intervals."),
            Note.of("The lines end on the right at the found rate of all rows."))
        .section("By segment", SmallMultiples.titled("Found rate by segment", segments()))
        .section("Calibration", calibration())
        .section(
            "What could not be compared",
            LinePlot.titled("Before the first refresh", SELECTED, FOUND)
                .with(Series.of("realtime-v1", List.of())),
            large(),
            Table.titled("Days without data", "Day", "Rows"));
  }

  static LinePlot found(String title, double shift, long seed) {
    return LinePlot.titled(title, SELECTED, FOUND)
        .with(marked(curve("realtime-v1", 0.80 + shift, 0.13, seed), 380, "low 0.70"))
        .with(
            marked(
                marked(curve("realtime-v2", 0.82 + shift, 0.15, seed + 1), 610, "low 0.66"),
                900,
                "out 0.31"))
        .with(Reference.horizontal(0.92, "target 92 %"));
  }

  private static Series curve(String name, double all, double gain, long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    List<Interval> band = new ArrayList<>();
    double drift = 0;
    for (int i = 1; i <= 1000; i++) {
      double x = i / 1000.0;
      drift = drift * 0.99 + random.nextGaussian() * 0.0006;
      double y = Math.min(1, all + gain * (1 - Math.pow(x, 2.2)) + drift * (1 - x));
      double half = 0.006 / Math.sqrt(x) * 0.6;
      points.add(new Point(x, y));
      band.add(new Interval(x, Math.max(0, y - half), Math.min(1, y + half)));
    }
    return Series.of(name, points).withBand(band);
  }

  private static Series marked(Series series, int index, String label) {
    Point point = series.points().get(index);
    return series.withMark(point.x(), point.y(), label);
  }

  private static List<LinePlot> segments() {
    List<LinePlot> plots = new ArrayList<>();
    for (int i = 0; i < SEGMENTS; i++) {
      plots.add(found(NAMES.get(i), (i % 5 - 2) * 0.012, 10L + i));
    }
    return plots;
  }

  private static LinePlot calibration() {
    LinePlot plot =
        LinePlot.titled(
                "Predicted and observed",
                Axis.percent("Predicted").covering(0, 1),
                Axis.percent("Observed").covering(0, 1))
            .with(Reference.diagonal("perfectly calibrated"))
            .noting("The area of a dot is the number of rows.");
    for (int model = 0; model < 2; model++) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        double x = (i + 0.5) / 10;
        double y = model == 0 ? Math.pow(x, 1.5) : x + 0.03 * Math.sin(7 * x);
        points.add(new Point(x, y, 400 + 6000L * i * i / 10));
      }
      plot = plot.with(Series.of("realtime-v" + (model + 1), points));
    }
    return plot;
  }

  private static LinePlot large() {
    return LinePlot.titled("Numbers that need room", Axis.number("Rows"), Axis.number("Bytes"))
        .with(
            Series.of(
                "realtime-v2",
                List.of(new Point(0, -9.3e9), new Point(1_204_311, 87_123_456_789.0))));
  }

  private static Table proposals() {
    Table table =
        Table.titled(
            "Proposed thresholds",
            "Segment",
            "Rows",
            "Low",
            "Out",
            "Found rate (95\u00A0%)",
            "Selected",
            "Target");
    Random random = new Random(5);
    for (int i = 0; i < SEGMENTS; i++) {
      double found = 0.90 + random.nextDouble() * 0.06;
      double half = 0.004 + random.nextDouble() * 0.01;
      boolean few = i % 7 == 3;
      table =
          table.row(
              Cell.text(NAMES.get(i)),
              Cell.count(few ? 312 : 4000 + random.nextInt(180_000)),
              Cell.number(0.6 + random.nextInt(20) / 100.0, 2),
              Cell.number(0.3 + random.nextInt(15) / 100.0, 2),
              few ? Cell.none() : Cell.percent(found, found - half, found + half, 1),
              Cell.percent(0.6 + random.nextDouble() * 0.3, 1),
              few
                  ? Cell.open("too few rows")
                  : found > 0.92 ? Cell.good("met") : Cell.bad("missed"));
    }
    return table;
  }
}
