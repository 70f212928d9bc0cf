package io.shelfcast.local.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What one screen asks of the server.
 *
 * @param session whose screen it is
 * @param surface which one
 * @param productIds what is on it
 */
record Search(Session session, String surface, List<Long> productIds) {

  private static final JsonFactory JSON = new JsonFactory();

  Search {
    productIds = List.copyOf(productIds);
  }

  /** The body of the request. */
  String body() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("store_id", session.storeId());
      json.writeArrayFieldStart("product_ids");
      for (long productId : productIds) {
        json.writeNumber(productId);
      }
      json.writeEndArray();
      json.writeStringField("user_id", session.userId());
      json.writeStringField("surface", surface);
      json.writeStringField("consistency_token", session.token());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
