package io.shelfcast.outcomes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfcast.tuning.Interval;
import io.shelfcast.tuning.SelectionComparison;
import io.shelfcast.tuning.SelectionComparison.Estimate;
import io.shelfcast.tuning.SelectionComparison.ModelStudy;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/**
 * What came of a comparison.
 *
 * @param plan what was asked for
 * @param counts what became of the outcomes
 * @param segments everything first, then each segment with enough outcomes
 */
record ComparisonResult(
    ComparisonPlan plan, OutcomeCounts counts, List<SelectionComparison> segments) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Everything together. */
  SelectionComparison all() {
    return segments.get(0);
  }

  /** The segments in which the candidate shows less, and not by chance. */
  List<SelectionComparison> worse() {
    return segments.stream()
        .filter(
            its -> !its.segment().isAll() && SelectionComparison.isWorse(its.differences().get(0)))
        .toList();
  }

  /** Two lines for people. */
  String summary() {
    int rate = plan.foundRates().indexOf(plan.foundRate());
    Estimate difference = all().differences().get(rate);
    String line =
        String.format(
            Locale.ROOT,
            "at a found rate of %s, %s shows %s of %,d outcomes and %s %s: %s",
            percent(plan.foundRate()),
            plan.candidate(),
            percent(all().candidate().selectionRates().get(rate).value()),
            counts.used(),
            plan.baseline(),
            percent(all().baseline().selectionRates().get(rate).value()),
            points(difference));
    return segments.size() == 1
        ? line
        : "%s; it shows less, and not by chance, in %d of %d segments"
            .formatted(line, worse().size(), segments.size() - 1);
  }

  String json() throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("baseline", plan.baseline());
      json.writeStringField("candidate", plan.candidate());
      json.writeNumberField("target_found_rate", plan.foundRate());
      json.writeArrayFieldStart("models");
      model(json, plan.baseline(), all().baseline());
      model(json, plan.candidate(), all().candidate());
      json.writeEndArray();
      json.writeArrayFieldStart("differences");
      for (Estimate difference : all().differences()) {
        estimate(json, "difference", difference);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("segments");
      for (SelectionComparison segment : segments.subList(1, segments.size())) {
        segment(json, segment);
      }
      json.writeEndArray();
      json.writeNumberField("worse_segments", worse().size());
      counts.writeTo(json);
      json.writeStringField("report_file", plan.reportFile());
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void model(JsonGenerator json, String name, ModelStudy study) throws IOException {
    json.writeStartObject();
    json.writeStringField("model_version", name);
    TuningJson.number(json, "brier", study.quality().brier());
    TuningJson.number(json, "auc", study.quality().auc());
    json.writeArrayFieldStart("selection");
    for (Estimate estimate : study.selectionRates()) {
      estimate(json, "selection_rate", estimate);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void estimate(JsonGenerator json, String name, Estimate estimate)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("found_rate", estimate.foundRate());
    TuningJson.number(json, name, estimate.value());
    TuningJson.interval(json, "interval", estimate.interval());
    json.writeEndObject();
  }

  private void segment(JsonGenerator json, SelectionComparison segment) throws IOException {
    Estimate difference = segment.differences().get(0);
    json.writeStartObject();
    TuningJson.segment(json, plan.attributes(), segment.segment());
    json.writeNumberField("outcomes", segment.baseline().quality().outcomes());
    TuningJson.number(
        json, "baseline_selection_rate", segment.baseline().selectionRates().get(0).value());
    TuningJson.number(
        json, "candidate_selection_rate", segment.candidate().selectionRates().get(0).value());
    TuningJson.number(json, "difference", difference.value());
    TuningJson.interval(json, "interval", difference.interval());
    json.writeStringField("verdict", verdict(difference));
    json.writeEndObject();
  }

  static String verdict(Estimate difference) {
    if (difference.interval() == null) {
      return "too_few_stores";
    }
    if (SelectionComparison.isBetter(difference)) {
      return "better";
    }
    return SelectionComparison.isWorse(difference) ? "worse" : "no_difference";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String points(Estimate difference) {
    Interval interval = difference.interval();
    return interval == null
        ? points(difference.value()) + ", by too few stores to tell whether that is chance"
        : "%s (%s to %s)"
            .formatted(points(difference.value()), points(interval.low()), points(interval.high()));
  }

  static String points(double difference) {
    return String.format(Locale.ROOT, "%+.1f points", difference * 100);
  }
}
