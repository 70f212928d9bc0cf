package io.shelfcast.outcomes;

import static io.shelfcast.outcomes.ReportParts.foundRate;
import static io.shelfcast.outcomes.ReportParts.selectionRate;

import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.Thresholds;
import io.shelfcast.report.Block;
import io.shelfcast.report.Cell;
import io.shelfcast.report.HtmlReport;
import io.shelfcast.report.LinePlot;
import io.shelfcast.report.Note;
import io.shelfcast.report.Paragraph;
import io.shelfcast.report.Reference;
import io.shelfcast.report.Series;
import io.shelfcast.report.SmallMultiples;
import io.shelfcast.report.Table;
import io.shelfcast.tuning.OutOfTime;
import io.shelfcast.tuning.ScoreQuality;
import io.shelfcast.tuning.Segment;
import io.shelfcast.tuning.SelectionCurve;
import io.shelfcast.tuning.Shown;
import io.shelfcast.tuning.TunedSegment;
import io.shelfcast.tuning.TuningStudy;
import io.shelfcast.tuning.TuningStudy.SegmentStudy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The result of tuning for people. */
record TuningReport(TuningPlan plan, OutcomeCounts counts, TuningStudy study) {

  private static final String INTERVALS =
      "Intervals are of 95 %, by drawing groups of stores, since outcomes of one store are alike;"
          + " where fewer than 20 groups have outcomes, they take each as independent of the"
          + " others, and are too narrow.";

  String html() {
    HtmlReport report =
        HtmlReport.titled("Thresholds for " + plan.modelVersion())
            .leading(
                "What is to be shown of its scores so that at least %s of it is found, and what is"
                        .formatted(ComparisonResult.percent(plan.foundRate()))
                    + " to be called in stock so that at least %s of that is."
                        .formatted(ComparisonResult.percent(plan.lowFoundRate())))
            .section("Result", result())
            .section("Out of time", outOfTime(study.outOfTime()))
            .section("Selection against found rate", curves());
    if (!plan.attributes().isEmpty()) {
      report = report.section("Segments", segments());
    }
    @Nullable ScoreQuality quality = study.quality();
    if (quality != null) {
      report =
          report.section(
              "How good the scores are",
              ReportParts.quality(ReportParts.qualityTable(), plan.modelVersion(), quality),
              ReportParts.calibrationPlot()
                  .with(ReportParts.calibration(plan.modelVersion(), quality)),
              ReportParts.calibrationTable(plan.modelVersion(), quality));
    }
    return report.section("Outcomes", ReportParts.countsTable(counts)).html();
  }

  private List<Block> result() {
    List<Block> blocks = new ArrayList<>();
    if (study.all().shown().meets(plan.foundRate())) {
      blocks.add(
          new Paragraph(
              "policy.yaml beside this report is policy %d with the thresholds of %s replaced."
                      .formatted(plan.policyInForce(), plan.modelVersion())
                  + " What it adds to thresholds still is added."));
    } else {
      blocks.add(
          Note.warning(
              "No thresholds meet the target, so there is no policy: of the scores that are"
                  + " greatest, too few were found."));
    }
    Shown shown = study.all().shown();
    Shown one = study.oneForAll().shown();
    Shown inStock = study.tuning().inStock();
    new TuningSummary(plan, counts, study)
        .warnings()
        .forEach(line -> blocks.add(Note.of(line + ".")));
    blocks.add(
        Table.titled("Of the outcomes that thresholds were tuned by", "", "Found", "Shown")
            .row(
                Cell.text(
                    study.tuning().segments().size() == 1
                        ? "one threshold"
                        : study.tuning().segments().size() + " segments"),
                foundRate(shown, study.all().foundRate()),
                selectionRate(shown, study.all().selectionRate()))
            .row(
                Cell.text("of them in stock"),
                foundRate(inStock, null),
                selectionRate(inStock, null))
            .row(
                Cell.text("one threshold for all"),
                foundRate(one, null),
                selectionRate(one, null)));
    blocks.add(new Paragraph(INTERVALS));
    return blocks;
  }

  private List<Block> outOfTime(@Nullable OutOfTime outOfTime) {
    if (outOfTime == null) {
      return List.of(
          Note.warning(
              "There is no check: one part of the time has no outcomes, or no thresholds that meet"
                  + " the target."));
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "Thresholds tuned by the first three quarters of the outcomes, held against the last"
                + " quarter, which they know nothing of."));
    blocks.add(
        Table.titled("", "", "Found", "Shown")
            .row(
                Cell.text("segments"),
                foundRate(outOfTime.segments(), outOfTime.segmentsFoundRate()),
                selectionRate(outOfTime.segments(), null))
            .row(
                Cell.text("one threshold for all"),
                foundRate(outOfTime.oneForAll(), null),
                selectionRate(outOfTime.oneForAll(), null)));
    return blocks;
  }

  /** In a sentence. */
  static String verdict(OutOfTime outOfTime) {
    String gain =
        outOfTime.gainInterval() == null
            ? "which too few stores tell"
            : "%s (%s to %s)"
                .formatted(
                    ComparisonResult.points(outOfTime.gain()),
                    ComparisonResult.points(outOfTime.gainInterval().low()),
                    ComparisonResult.points(outOfTime.gainInterval().high()));
    return switch (outOfTime.verdict()) {
      case BETTER ->
          "Out of time segments are better than the best single threshold: at the same found rate"
              + " they show more, by "
              + gain
              + ".";
      case NO_BETTER ->
          "Out of time segments are no better than the best single threshold: the difference in"
              + " what is shown at the same found rate may be chance, "
              + gain
              + ".";
      case WORSE ->
          "Out of time segments are worse than the best single threshold: at the same found rate"
              + " they show less, "
              + gain
              + ". Use one threshold, or fewer segments.";
    };
  }

  private List<SelectionCurve.Point> allPoints() {
    SelectionCurve curve = study.all().curve();
    return curve == null ? List.of() : curve.points();
  }

  private List<Block> curves() {
    Series curve = ReportParts.curve(plan.modelVersion(), allPoints());
    Shown shown = study.all().shown();
    if (shown.shown() > 0) {
      curve = curve.withMark(shown.selectionRate(), shown.foundRate(), "shown");
    }
    Shown inStock = study.tuning().inStock();
    if (inStock.shown() > 0) {
      curve = curve.withMark(inStock.selectionRate(), inStock.foundRate(), "in stock");
    }
    return List.of(
        ReportParts.selectionPlot("")
            .with(Reference.horizontal(plan.foundRate(), "target"))
            .with(curve)
            .noting(
                "The line is one threshold for all, the marks are what is proposed. A mark above"
                    + " the line is what segments are worth."));
  }

  private List<Block> segments() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "By %s. A segment with fewer than %d outcomes has no row: it has its parent's"
                    .formatted(
                        plan.attributes().stream()
                            .map(SegmentAttribute::word)
                            .collect(Collectors.joining(", then ")),
                        plan.minEvidence())
                + " thresholds. The target is one for everything together: in each segment all is"
                + " shown that is found as often as what is just shown elsewhere, so that the found"
                + " rate of a segment may be below the target."));
    Table table =
        Table.titled(
            "", "Segment", "Low", "Out", "Evidence", "Decided", "Found", "Shown", "In stock");
    List<TunedSegment> tuned = study.tuning().segments();
    for (int i = 0; i < tuned.size(); i++) {
      TunedSegment segment = tuned.get(i);
      SegmentStudy its = study.segments().get(i);
      Thresholds thresholds = segment.thresholds();
      table =
          table.row(
              Cell.text(title(segment.segment())),
              Cell.number(thresholds.low(), 4),
              Cell.number(thresholds.out(), 4),
              Cell.count(segment.evidence()),
              Cell.count(segment.shown().total()),
              foundRate(segment.shown(), its.foundRate()),
              selectionRate(segment.shown(), its.selectionRate()),
              selectionRate(segment.inStock(), null));
    }
    List<LinePlot> plots =
        study.segments().stream()
            .sorted(Comparator.comparingLong((SegmentStudy its) -> -its.shown().total()))
            .flatMap(its -> Stream.ofNullable(its.curve()).map(curve -> plot(its, curve)))
            .toList();
    if (!plots.isEmpty()) {
      blocks.add(
          SmallMultiples.titled("The largest segments", plots)
              .noting("The mark is what is proposed for the outcomes that the segment decides."));
    }
    blocks.add(table);
    return blocks;
  }

  private LinePlot plot(SegmentStudy its, SelectionCurve itsCurve) {
    Series curve = ReportParts.curve(plan.modelVersion(), itsCurve.points());
    Shown shown = its.shown();
    return ReportParts.selectionPlot(title(its.segment()))
        .with(Reference.horizontal(plan.foundRate(), "target"))
        .with(
            shown.shown() == 0
                ? curve
                : curve.withMark(shown.selectionRate(), shown.foundRate(), "shown"));
  }

  private String title(Segment segment) {
    return segment.isAll() ? "all others" : segment.title();
  }
}
