package io.shelfcast.outcomes;

import io.shelfcast.report.Axis;
import io.shelfcast.report.Cell;
import io.shelfcast.report.LinePlot;
import io.shelfcast.report.Point;
import io.shelfcast.report.Reference;
import io.shelfcast.report.Series;
import io.shelfcast.report.Table;
import io.shelfcast.tuning.Interval;
import io.shelfcast.tuning.ScoreQuality;
import io.shelfcast.tuning.ScoreQuality.CalibrationRow;
import io.shelfcast.tuning.SelectionCurve;
import io.shelfcast.tuning.Shown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reports on outcomes have in common. */
final class ReportParts {

  /** Plots of segments; more would be too many to look at, and the table has all of them. */
  static final int MOST_PLOTS = 36;

  private ReportParts() {}

  static LinePlot selectionPlot(String title) {
    return LinePlot.titled(title, Axis.percent("Selection rate"), Axis.percent("Found rate"));
  }

  static Series curve(String name, List<SelectionCurve.Point> points) {
    List<Point> line = new ArrayList<>(points.size());
    for (SelectionCurve.Point point : points) {
      // The rate of a few outcomes jumps up and down, and would hide what is to be seen.
      if (point.shown().shown() * 200 >= point.shown().total()) {
        line.add(new Point(point.shown().selectionRate(), point.shown().foundRate()));
      }
    }
    return Series.of(name, line);
  }

  static LinePlot calibrationPlot() {
    return LinePlot.titled("Calibration", Axis.percent("Mean score"), Axis.percent("Found"))
        .with(Reference.diagonal("calibrated"))
        .noting("A dot is a group of outcomes of neighbouring scores; the band is Wilson's 95 %.");
  }

  static Series calibration(String name, ScoreQuality quality) {
    List<Point> points = new ArrayList<>();
    List<io.shelfcast.report.Interval> band = new ArrayList<>();
    for (CalibrationRow row : quality.calibration()) {
      points.add(new Point(row.meanScore(), row.foundRate(), row.outcomes()));
      band.add(
          new io.shelfcast.report.Interval(
              row.meanScore(), row.interval().low(), row.interval().high()));
    }
    return Series.of(name, points).withBand(band);
  }

  static Table calibrationTable(String name, ScoreQuality quality) {
    Table table =
        Table.titled(
            "Calibration of " + name, "Scores from", "to", "Outcomes", "Mean score", "Found");
    for (CalibrationRow row : quality.calibration()) {
      table =
          table.row(
              Cell.number(row.fromScore(), 4),
              Cell.number(row.toScore(), 4),
              Cell.count(row.outcomes()),
              Cell.percent(row.meanScore(), 1),
              percent(row.foundRate(), row.interval()));
    }
    return table;
  }

  static Table qualityTable() {
    return Table.titled("", "Model version", "Outcomes", "Found", "Brier score", "AUC");
  }

  static Table quality(Table table, String name, ScoreQuality quality) {
    Double auc = quality.auc();
    return table.row(
        Cell.text(name),
        Cell.count(quality.outcomes()),
        Cell.percent(quality.foundRate(), 1),
        Cell.number(quality.brier(), 4),
        auc == null ? Cell.none() : Cell.number(auc, 4));
  }

  static Table countsTable(OutcomeCounts counts) {
    return Table.titled("", "Rows", "Number")
        .row(Cell.text("outcomes read"), Cell.count(counts.read()))
        .row(Cell.text("held against the score of their time"), Cell.count(counts.used()))
        .row(
            Cell.text("repeated: the same product of the same order"),
            Cell.count(counts.duplicates()))
        .row(
            Cell.text("ordered before the item's first score"),
            Cell.count(counts.beforeFirstScore()))
        .row(Cell.text("of items without any score"), Cell.count(counts.withoutScore()))
        .row(Cell.text("that could not be read"), Cell.count(counts.rejected()))
        .row(
            Cell.text("beside them, scores that could not be used"),
            Cell.count(counts.scoresRejected()));
  }

  static Cell foundRate(Shown shown, @Nullable Interval interval) {
    return shown.shown() == 0 ? Cell.none() : percent(shown.foundRate(), interval);
  }

  static Cell selectionRate(Shown shown, @Nullable Interval interval) {
    return shown.total() == 0 ? Cell.none() : percent(shown.selectionRate(), interval);
  }

  static Cell percent(double share, @Nullable Interval interval) {
    return interval == null
        ? Cell.percent(share, 1)
        : Cell.percent(share, interval.low(), interval.high(), 1);
  }
}
