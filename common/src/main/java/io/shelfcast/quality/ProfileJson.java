package io.shelfcast.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shelfcast.domain.Micros;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Profiles and checks as the run ledger shows them to people, and to SQL. */
public final class ProfileJson {

  /** The histogram's bars, fewer than its bins. */
  public static final int BARS = 20;

  private static final JsonFactory JSON = new JsonFactory();

  /** Of a profile of one model version, or of its checks, about. */
  private static final int LENGTH = 1000;

  private ProfileJson() {}

  /** An object with the profile of each model version, and examples of rejected rows by reason. */
  public static String of(BatchProfile profile) {
    return JsonText.of(
        LENGTH,
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("model_versions");
          for (Map.Entry<String, ModelProfile> model : profile.models().entrySet()) {
            json.writeFieldName(model.getKey());
            write(model.getValue(), json);
          }
          json.writeEndObject();
          json.writeObjectFieldStart("rejected_examples");
          for (Map.Entry<String, List<String>> reason : profile.examples().entrySet()) {
            json.writeArrayFieldStart(reason.getKey());
            for (String example : reason.getValue()) {
              json.writeString(example);
            }
            json.writeEndArray();
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void write(ModelProfile model, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("rows", model.rows());
    json.writeNumberField("rejected", model.rejected());
    json.writeObjectFieldStart("rejected_by_reason");
    for (Map.Entry<String, Long> reason : model.rejectedByReason().entrySet()) {
      json.writeNumberField(reason.getKey(), reason.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("items", model.items());
    json.writeNumberField("stores", model.stores());
    if (model.rows() > 0) {
      json.writeNumberField("mean", model.mean());
      json.writeNumberField("min", model.min());
      json.writeNumberField("max", model.max());
      json.writeNumberField("share_of_zeros", model.zeroShare());
      json.writeNumberField("share_of_ones", model.oneShare());
      json.writeStringField("oldest_scored_at", Micros.toInstant(model.oldestMicros()).toString());
      json.writeStringField("newest_scored_at", Micros.toInstant(model.newestMicros()).toString());
      json.writeFieldName("histogram");
      long[] bars = bars(model);
      json.writeArray(bars, 0, bars.length);
    }
    json.writeEndObject();
  }

  private static long[] bars(ModelProfile model) {
    long[] bins = model.histogram();
    long[] bars = new long[BARS];
    for (int bin = 0; bin < bins.length; bin++) {
      bars[bin * BARS / bins.length] += bins[bin];
    }
    return bars;
  }

  /** An array of the checks. */
  public static String of(List<GateCheck> checks) {
    return JsonText.of(
        LENGTH,
        json -> {
          json.writeStartArray();
          for (GateCheck check : checks) {
            json.writeStartObject();
            json.writeStringField("check", check.name());
            json.writeStringField("model_version", check.modelVersion());
            json.writeBooleanField("passed", check.passed());
            json.writeNumberField("value", check.value());
            json.writeNumberField("limit", check.limit());
            json.writeStringField("detail", check.detail());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The checks of such an array. */
  public static List<GateCheck> checks(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      List<GateCheck> checks = new ArrayList<>();
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        checks.add(check(json));
      }
      return checks;
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger's checks cannot be read: " + text, e);
    }
  }

  private static GateCheck check(JsonParser json) throws IOException {
    String name = "";
    String modelVersion = "";
    boolean passed = false;
    double value = 0;
    double limit = 0;
    String detail = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "check" -> name = json.getText();
        case "model_version" -> modelVersion = json.getText();
        case "passed" -> passed = json.getBooleanValue();
        case "value" -> value = json.getDoubleValue();
        case "limit" -> limit = json.getDoubleValue();
        case "detail" -> detail = json.getText();
        default -> json.skipChildren();
      }
    }
    return new GateCheck(name, modelVersion, passed, value, limit, detail);
  }
}
