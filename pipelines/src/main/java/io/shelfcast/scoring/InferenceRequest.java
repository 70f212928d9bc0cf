package io.shelfcast.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The body of a request of the Open Inference Protocol, version 2: which items to score. */
final class InferenceRequest {

  private static final JsonFactory JSON = new JsonFactory();

  // Two ids of up to 19 digits and a comma each; most are shorter, and the buffer grows if not.
  private static final int BYTES_PER_ITEM = 24;
  private static final int BYTES_AROUND = 256;

  private InferenceRequest() {}

  static byte[] of(long[] storeIds, long[] productIds) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(BYTES_AROUND + BYTES_PER_ITEM * storeIds.length);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("inputs");
      writeInput(json, "store_id", storeIds);
      writeInput(json, "product_id", productIds);
      json.writeEndArray();
      // A model may give out more than the score; only the score is to be sent.
      json.writeArrayFieldStart("outputs");
      json.writeStartObject();
      json.writeStringField("name", InferenceAnswer.SCORE);
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeInput(JsonGenerator json, String name, long[] ids) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeArrayFieldStart("shape");
    json.writeNumber(ids.length);
    json.writeEndArray();
    json.writeStringField("datatype", "INT64");
    json.writeFieldName("data");
    json.writeArray(ids, 0, ids.length);
    json.writeEndObject();
  }
}
