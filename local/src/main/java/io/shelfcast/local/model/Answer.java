package io.shelfcast.local.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;

/**
 * What a call is answered with.
 *
 * @param status the HTTP status
 * @param headers those that this answer has beside the usual ones
 * @param body JSON
 */
record Answer(int status, Map<String, String> headers, String body) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter MICROSECONDS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

  static Answer error(int status, String message) {
    return error(status, message, Map.of());
  }

  static Answer error(int status, String message, Map<String, String> headers) {
    return new Answer(status, headers, json(json -> json.writeStringField("error", message)));
  }

  static Answer server() {
    return ok(
        json -> {
          json.writeStringField("name", "shelfcast-model-server");
          json.writeStringField("version", "1");
          json.writeArrayFieldStart("extensions");
          json.writeEndArray();
        });
  }

  static Answer live() {
    return ok(json -> json.writeBooleanField("live", true));
  }

  static Answer ready() {
    return ok(json -> json.writeBooleanField("ready", true));
  }

  static Answer modelReady(String modelVersion) {
    return ok(
        json -> {
          json.writeStringField("name", modelVersion);
          json.writeBooleanField("ready", true);
        });
  }

  static Answer model(String modelVersion) {
    return ok(
        json -> {
          json.writeStringField("name", modelVersion);
          json.writeStringField("platform", "shelfcast");
          json.writeArrayFieldStart("inputs");
          writeTensor(json, InferRequest.STORE_ID, "INT64");
          writeTensor(json, InferRequest.PRODUCT_ID, "INT64");
          json.writeEndArray();
          json.writeArrayFieldStart("outputs");
          writeTensor(json, "score", "FP32");
          json.writeEndArray();
        });
  }

  /** The scores of a call's items, in its order; null where the model has none. */
  static Answer scores(
      String modelVersion, InferRequest request, ModelScores.ItemScores scores, Instant scoredAt) {
    int items = request.items();
    return ok(
        json -> {
          json.writeStringField("model_name", modelVersion);
          String id = request.id();
          if (id != null) {
            json.writeStringField("id", id);
          }
          json.writeObjectFieldStart("parameters");
          json.writeStringField("scored_at", MICROSECONDS.format(scoredAt));
          json.writeEndObject();
          json.writeArrayFieldStart("outputs");
          writeTensorStart(json, "score", "FP32", items);
          json.writeArrayFieldStart("data");
          for (int i = 0; i < items; i++) {
            float score = scores.of(request.storeId(i), request.productId(i));
            if (Float.isNaN(score)) {
              json.writeNull();
            } else {
              json.writeNumber(score);
            }
          }
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  /** Of any number of values. */
  private static void writeTensor(JsonGenerator json, String name, String datatype)
      throws IOException {
    writeTensorStart(json, name, datatype, -1);
    json.writeEndObject();
  }

  private static void writeTensorStart(JsonGenerator json, String name, String datatype, int values)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("datatype", datatype);
    json.writeArrayFieldStart("shape");
    json.writeNumber(values);
    json.writeEndArray();
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static Answer ok(Fields fields) {
    return new Answer(200, Map.of(), json(fields));
  }

  private static String json(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("text can be written to memory", e);
    }
    return text.toString();
  }
}
