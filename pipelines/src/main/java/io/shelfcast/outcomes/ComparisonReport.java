package io.shelfcast.outcomes;

import io.shelfcast.report.Axis;
import io.shelfcast.report.Block;
import io.shelfcast.report.Cell;
import io.shelfcast.report.HtmlReport;
import io.shelfcast.report.Interval;
import io.shelfcast.report.LinePlot;
import io.shelfcast.report.Note;
import io.shelfcast.report.Paragraph;
import io.shelfcast.report.Point;
import io.shelfcast.report.Reference;
import io.shelfcast.report.Series;
import io.shelfcast.report.SmallMultiples;
import io.shelfcast.report.Table;
import io.shelfcast.tuning.SelectionComparison;
import io.shelfcast.tuning.SelectionComparison.Estimate;
import io.shelfcast.tuning.SelectionComparison.ModelStudy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A comparison for people. */
record ComparisonReport(ComparisonResult result) {

  String html() {
    ComparisonPlan plan = result.plan();
    SelectionComparison all = result.all();
    HtmlReport report =
        HtmlReport.titled("%s compared with %s".formatted(plan.candidate(), plan.baseline()))
            .leading(result.summary() + ".")
            .section(
                "Selection at equal found rates",
                LinePlot.titled("", Axis.percent("Found rate"), Axis.percent("Selection rate"))
                    .with(Reference.vertical(plan.foundRate(), "target"))
                    .with(selection(plan.baseline(), all.baseline()))
                    .with(selection(plan.candidate(), all.candidate()))
                    .noting("One threshold for all. The bands are of 95 %."),
                differences(),
                new Paragraph(
                    "Intervals are by drawing groups of stores, since outcomes of one store are"
                        + " alike, and both model versions are held against the same draws."))
            .section(
                "Selection against found rate",
                ReportParts.selectionPlot("")
                    .with(Reference.horizontal(plan.foundRate(), "target"))
                    .with(ReportParts.curve(plan.baseline(), all.baseline().curve()))
                    .with(ReportParts.curve(plan.candidate(), all.candidate().curve())));
    if (result.segments().size() > 1) {
      report = report.section("Segments", segments());
    } else if (!plan.whyNoSegments().isEmpty()) {
      report = report.section("Segments", Note.warning(plan.whyNoSegments().strip() + "."));
    }
    return report
        .section(
            "How good the scores are",
            ReportParts.quality(
                ReportParts.quality(
                    ReportParts.qualityTable(), plan.baseline(), all.baseline().quality()),
                plan.candidate(),
                all.candidate().quality()),
            ReportParts.calibrationPlot()
                .with(ReportParts.calibration(plan.baseline(), all.baseline().quality()))
                .with(ReportParts.calibration(plan.candidate(), all.candidate().quality())),
            ReportParts.calibrationTable(plan.baseline(), all.baseline().quality()),
            ReportParts.calibrationTable(plan.candidate(), all.candidate().quality()))
        .section("Outcomes", ReportParts.countsTable(result.counts()))
        .html();
  }

  private static Series selection(String name, ModelStudy study) {
    List<Point> points = new ArrayList<>();
    List<Interval> band = new ArrayList<>();
    for (Estimate estimate : study.selectionRates()) {
      points.add(new Point(estimate.foundRate(), estimate.value()));
      io.shelfcast.tuning.Interval interval = estimate.interval();
      if (interval != null) {
        band.add(new Interval(estimate.foundRate(), interval.low(), interval.high()));
      }
    }
    return Series.of(name, points).withBand(band);
  }

  private Table differences() {
    SelectionComparison all = result.all();
    Table table =
        Table.titled(
            "",
            "Found rate",
            result.plan().baseline(),
            result.plan().candidate(),
            "Difference",
            "Verdict");
    for (int i = 0; i < all.differences().size(); i++) {
      Estimate difference = all.differences().get(i);
      Estimate baseline = all.baseline().selectionRates().get(i);
      Estimate candidate = all.candidate().selectionRates().get(i);
      table =
          table.row(
              Cell.percent(difference.foundRate(), 0),
              ReportParts.percent(baseline.value(), baseline.interval()),
              ReportParts.percent(candidate.value(), candidate.interval()),
              ReportParts.percent(difference.value(), difference.interval()),
              verdict(difference));
    }
    return table;
  }

  private List<Block> segments() {
    List<SelectionComparison> worstFirst =
        result.segments().stream()
            .filter(its -> !its.segment().isAll())
            .sorted(Comparator.comparingDouble(its -> its.differences().get(0).value()))
            .toList();
    Table table =
        Table.titled(
            "At a found rate of %s, the worst first"
                .formatted(ComparisonResult.percent(result.plan().foundRate())),
            "Segment",
            "Outcomes",
            result.plan().baseline(),
            result.plan().candidate(),
            "Difference",
            "Verdict");
    for (SelectionComparison segment : worstFirst) {
      Estimate difference = segment.differences().get(0);
      table =
          table.row(
              Cell.text(segment.segment().title()),
              Cell.count(segment.baseline().quality().outcomes()),
              Cell.percent(segment.baseline().selectionRates().get(0).value(), 1),
              Cell.percent(segment.candidate().selectionRates().get(0).value(), 1),
              ReportParts.percent(difference.value(), difference.interval()),
              verdict(difference));
    }
    List<Block> blocks = new ArrayList<>();
    int worse = result.worse().size();
    blocks.add(
        worse == 0
            ? Note.of("In no segment does the candidate show less that is not chance.")
            : Note.warning(
                "In %d of %d segments the candidate shows less, and not by chance. Of so many"
                        .formatted(worse, worstFirst.size())
                    + " segments one in forty does so by chance all the same."));
    blocks.add(
        SmallMultiples.titled(
            "The worst segments",
            worstFirst.stream().limit(ReportParts.MOST_PLOTS).map(this::plot).toList()));
    blocks.add(table);
    return blocks;
  }

  private LinePlot plot(SelectionComparison segment) {
    return ReportParts.selectionPlot(segment.segment().title())
        .with(Reference.horizontal(result.plan().foundRate(), "target"))
        .with(ReportParts.curve(result.plan().baseline(), segment.baseline().curve()))
        .with(ReportParts.curve(result.plan().candidate(), segment.candidate().curve()));
  }

  private static Cell verdict(Estimate difference) {
    if (SelectionComparison.isBetter(difference)) {
      return Cell.good("more");
    }
    if (SelectionComparison.isWorse(difference)) {
      return Cell.bad("less");
    }
    return Cell.open(difference.interval() == null ? "too few stores" : "may be chance");
  }
}
