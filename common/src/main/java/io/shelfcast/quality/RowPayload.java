package io.shelfcast.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ScoreBatch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payload of a dead letter: a row as JSON, with the names of the score-row contract. */
public final class RowPayload {

  private static final JsonFactory JSON = new JsonFactory();

  /** Of a payload, about. */
  private static final int LENGTH = 160;

  private RowPayload() {}

  /** A row of a batch: what was read as a number is written as one. */
  public static String of(ScoreBatch batch, int row) {
    return JsonText.of(
        LENGTH,
        json -> {
          json.writeStartObject();
          json.writeNumberField(Column.STORE_ID.word(), batch.storeId(row));
          json.writeNumberField(Column.PRODUCT_ID.word(), batch.productId(row));
          json.writeStringField(Column.MODEL_VERSION.word(), batch.modelVersion());
          // Jackson quotes NaN and the infinities, so that the payload stays JSON.
          json.writeNumberField(Column.SCORE.word(), batch.score(row));
          json.writeStringField(
              Column.SCORED_AT.word(), Micros.toInstant(batch.scoredAtMicros(row)).toString());
          json.writeEndObject();
        });
  }

  /** A row of text values by name, as they were read; null: no value. */
  public static String of(Map<String, ? extends @Nullable Object> values) {
    return JsonText.of(
        LENGTH,
        json -> {
          json.writeStartObject();
          for (Map.Entry<String, ? extends @Nullable Object> value : values.entrySet()) {
            json.writeFieldName(value.getKey());
            json.writeObject(value.getValue());
          }
          json.writeEndObject();
        });
  }

  /** The fields of a line that do not fit its header, as they were read. */
  public static String of(List<String> fields) {
    return JsonText.of(
        LENGTH,
        json -> {
          json.writeStartArray();
          for (String field : fields) {
            json.writeString(field);
          }
          json.writeEndArray();
        });
  }

  /**
   * The values of a payload by name, as text; null where JSON has null.
   *
   * @return null when the payload is not one JSON object of plain values
   */
  public static @Nullable Map<String, @Nullable String> parse(String payload) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(payload)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!value.isScalarValue()) {
          return null;
        }
        values.put(name, value == JsonToken.VALUE_NULL ? null : json.getText());
      }
      return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null
          ? values
          : null;
    } catch (IOException e) {
      // Not JSON: the caller rejects the row for its shape, and keeps the payload.
      return null;
    }
  }
}
