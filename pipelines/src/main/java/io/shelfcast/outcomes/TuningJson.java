package io.shelfcast.outcomes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.tuning.Interval;
import io.shelfcast.tuning.OutOfTime;
import io.shelfcast.tuning.ScoreQuality;
import io.shelfcast.tuning.Segment;
import io.shelfcast.tuning.Shown;
import io.shelfcast.tuning.TunedSegment;
import io.shelfcast.tuning.TuningStudy;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The result of tuning as one line of JSON. Rates that nothing stands behind are null. */
record TuningJson(TuningPlan plan, OutcomeCounts counts, TuningStudy study) {

  private static final JsonFactory JSON = new JsonFactory();

  String line() throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("model_version", plan.modelVersion());
      json.writeNumberField("target_found_rate", plan.foundRate());
      json.writeNumberField("low_found_rate", plan.lowFoundRate());
      Shown shown = study.all().shown();
      boolean meetsTarget = shown.meets(plan.foundRate());
      rates(json, shown);
      interval(json, "found_rate_interval", study.all().foundRate());
      interval(json, "selection_rate_interval", study.all().selectionRate());
      json.writeObjectFieldStart("in_stock");
      rates(json, study.tuning().inStock());
      json.writeEndObject();
      json.writeArrayFieldStart("segments");
      List<TunedSegment> tuned = study.tuning().segments();
      for (int i = 0; i < tuned.size(); i++) {
        segment(json, tuned.get(i), study.segments().get(i));
      }
      json.writeEndArray();
      counts.writeTo(json);
      json.writeObjectFieldStart("one_threshold");
      rates(json, study.oneForAll().shown());
      TunedSegment one = study.oneForAll().deciding(Segment.ALL);
      json.writeNumberField("low", one.thresholds().low());
      json.writeNumberField("out", one.thresholds().out());
      json.writeEndObject();
      outOfTime(json, study.outOfTime());
      quality(json, study.quality());
      json.writeStringField("policy_file", meetsTarget ? plan.policyFile() : null);
      json.writeStringField("report_file", plan.reportFile());
      json.writeEndObject();
    }
    return line.toString();
  }

  private void segment(JsonGenerator json, TunedSegment tuned, TuningStudy.SegmentStudy its)
      throws IOException {
    json.writeStartObject();
    segment(json, plan.attributes(), tuned.segment());
    json.writeNumberField("low", tuned.thresholds().low());
    json.writeNumberField("out", tuned.thresholds().out());
    json.writeNumberField("evidence", tuned.evidence());
    json.writeNumberField("outcomes", tuned.shown().total());
    rates(json, tuned.shown());
    interval(json, "found_rate_interval", its.foundRate());
    interval(json, "selection_rate_interval", its.selectionRate());
    json.writeObjectFieldStart("in_stock");
    rates(json, tuned.inStock());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void outOfTime(JsonGenerator json, @Nullable OutOfTime outOfTime)
      throws IOException {
    if (outOfTime == null) {
      json.writeNullField("out_of_time");
      return;
    }
    json.writeObjectFieldStart("out_of_time");
    json.writeStringField("verdict", outOfTime.verdict().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("outcomes", outOfTime.segments().total());
    rates(json, outOfTime.segments());
    interval(json, "found_rate_interval", outOfTime.segmentsFoundRate());
    json.writeObjectFieldStart("one_threshold");
    rates(json, outOfTime.oneForAll());
    json.writeEndObject();
    json.writeObjectFieldStart("one_threshold_at_same_found_rate");
    rates(
        json, outOfTime.oneAtSameFoundRate() == null ? Shown.NONE : outOfTime.oneAtSameFoundRate());
    json.writeEndObject();
    number(json, "gain", outOfTime.gain());
    interval(json, "gain_interval", outOfTime.gainInterval());
    json.writeEndObject();
  }

  private static void quality(JsonGenerator json, @Nullable ScoreQuality quality)
      throws IOException {
    number(json, "brier", quality == null ? null : (Double) quality.brier());
    number(json, "auc", quality == null ? null : quality.auc());
  }

  static void segment(JsonGenerator json, List<SegmentAttribute> attributes, Segment segment)
      throws IOException {
    json.writeObjectFieldStart("segment");
    for (int i = 0; i < segment.values().size(); i++) {
      json.writeStringField(attributes.get(i).word(), segment.values().get(i));
    }
    json.writeEndObject();
  }

  private static void rates(JsonGenerator json, Shown shown) throws IOException {
    number(json, "found_rate", shown.shown() == 0 ? null : (Double) shown.foundRate());
    number(json, "selection_rate", shown.total() == 0 ? null : (Double) shown.selectionRate());
  }

  static void interval(JsonGenerator json, String name, @Nullable Interval interval)
      throws IOException {
    if (interval == null) {
      json.writeNullField(name);
      return;
    }
    json.writeArrayFieldStart(name);
    json.writeNumber(rounded(interval.low()));
    json.writeNumber(rounded(interval.high()));
    json.writeEndArray();
  }

  static void number(JsonGenerator json, String name, @Nullable Double value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, rounded(value));
    }
  }

  /** To six digits: more would be noise. Down, so that a rate below its target stays below it. */
  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(6, RoundingMode.DOWN).stripTrailingZeros();
  }
}
