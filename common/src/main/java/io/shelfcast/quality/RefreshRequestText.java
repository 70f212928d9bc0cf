package io.shelfcast.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.domain.ScoreBatch;
import java.io.IOException;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Refresh requests as JSON: {@code {"store_id": 7, "product_ids": [11, 12], "requested_at":
 * "2024-06-08T06:00:00Z", "source": "search"}}; {@code model_version} may stand there as well.
 * Unknown fields are left alone, so that senders can add some. Not for several threads.
 */
public final class RefreshRequestText {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String PRODUCT_IDS = "product_ids";
  private static final String REQUESTED_AT = "requested_at";
  private static final String SOURCE = "source";

  private final int maxProducts;
  private @Nullable RefreshRequest request;

  /**
   * A reader.
   *
   * @param maxProducts the greatest number of products of one request
   */
  public RefreshRequestText(int maxProducts) {
    this.maxProducts = maxProducts;
  }

  /** The request that was read last, if it was a good one. */
  public RefreshRequest request() {
    if (request == null) {
      throw new IllegalStateException("no request was read");
    }
    return request;
  }

  /** Reads a request; null: it is good, otherwise what is wrong with it. */
  public @Nullable Rejection read(String text) {
    request = null;
    try (JsonParser json = JSON.createParser(text)) {
      return read(json);
    } catch (IOException e) {
      // Its message quotes the text, which the dead letter has anyway.
      return new Rejection.RequestWrongShape("the request is not JSON");
    }
  }

  private @Nullable Rejection read(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return new Rejection.RequestWrongShape("the request is not a JSON object");
    }
    Fields fields = new Fields();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      Rejection wrong = fields.read(name, json, maxProducts);
      if (wrong != null) {
        return wrong;
      }
    }
    if (json.nextToken() != null) {
      return new Rejection.RequestWrongShape("more than one JSON object");
    }
    return complete(fields);
  }

  private @Nullable Rejection complete(Fields fields) {
    if (fields.storeId < 0) {
      return new Rejection.Missing(Column.STORE_ID);
    }
    if (fields.productIds == null) {
      return new Rejection.RequestFieldMissing(PRODUCT_IDS);
    }
    if (fields.productIds.length == 0) {
      return new Rejection.NoProducts();
    }
    if (fields.requestedAt == null) {
      return new Rejection.RequestFieldMissing(REQUESTED_AT);
    }
    if (fields.source == null) {
      return new Rejection.RequestFieldMissing(SOURCE);
    }
    if (fields.modelVersion != null && !ModelVersion.isValidName(fields.modelVersion)) {
      return new Rejection.ModelVersionMalformed(fields.modelVersion);
    }
    long requestedAt;
    try {
      requestedAt = Micros.of(TimeText.parse(fields.requestedAt));
    } catch (DateTimeParseException e) {
      return new Rejection.RequestedAtUnparsable(fields.requestedAt);
    }
    request =
        RefreshRequest.of(
            fields.storeId, fields.productIds, requestedAt, fields.source, fields.modelVersion);
    return null;
  }

  /** A request as text. */
  public static String of(RefreshRequest request) {
    return JsonText.of(
        120 + 8 * request.size(),
        json -> {
          json.writeStartObject();
          json.writeNumberField(Column.STORE_ID.word(), request.storeId());
          json.writeArrayFieldStart(PRODUCT_IDS);
          for (int i = 0; i < request.size(); i++) {
            json.writeNumber(request.productId(i));
          }
          json.writeEndArray();
          json.writeStringField(
              REQUESTED_AT, Micros.toInstant(request.requestedAtMicros()).toString());
          json.writeStringField(SOURCE, request.source());
          if (request.modelVersion() != null) {
            json.writeStringField(Column.MODEL_VERSION.word(), request.modelVersion());
          }
          json.writeEndObject();
        });
  }

  /** The request for one score of a batch. */
  static String of(ScoreBatch batch, int row) {
    return of(
        RefreshRequest.of(
            batch.storeId(row),
            new long[] {batch.productId(row)},
            batch.requestedAtMicros(row),
            batch.source(),
            batch.modelVersion()));
  }

  /** What was met of the fields. */
  private static final class Fields {
    private long storeId = -1;
    private long @Nullable [] productIds;
    private @Nullable String requestedAt;
    private @Nullable String source;
    private @Nullable String modelVersion;
    private long id;

    @Nullable Rejection read(String name, JsonParser json, int maxProducts) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return null;
      }
      switch (name) {
        case "store_id" -> {
          Rejection wrong = readId(Column.STORE_ID, json);
          storeId = id;
          return wrong;
        }
        case PRODUCT_IDS -> {
          return readProducts(json, maxProducts);
        }
        case REQUESTED_AT -> requestedAt = text(json);
        case SOURCE -> source = text(json);
        case "model_version" -> modelVersion = text(json);
        default -> json.skipChildren();
      }
      return null;
    }

    private @Nullable Rejection readProducts(JsonParser json, int maxProducts) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        return new Rejection.RequestWrongShape("product_ids is not a list");
      }
      long[] ids = new long[Math.min(16, maxProducts)];
      int n = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (n == maxProducts) {
          return new Rejection.TooManyProducts(maxProducts);
        }
        Rejection wrong = readId(Column.PRODUCT_ID, json);
        if (wrong != null) {
          return wrong;
        }
        if (n == ids.length) {
          ids = Arrays.copyOf(ids, Math.min(2 * n, maxProducts));
        }
        ids[n++] = id;
      }
      productIds = Arrays.copyOf(ids, n);
      return null;
    }

    /** Numbers, and numbers as text, since JSON's readers in some languages cannot hold 64 bits. */
    private @Nullable Rejection readId(Column column, JsonParser json) throws IOException {
      if (!json.currentToken().isScalarValue()) {
        return new Rejection.RequestWrongShape(column.word() + " is not a number");
      }
      String text = json.getText();
      try {
        id = Long.parseLong(text);
      } catch (NumberFormatException e) {
        return new Rejection.NotANumber(column, text);
      }
      return id < 0 ? new Rejection.Negative(column, id) : null;
    }

    private static @Nullable String text(JsonParser json) throws IOException {
      if (json.currentToken().isScalarValue()) {
        return json.getText();
      }
      json.skipChildren();
      return null;
    }
  }
}
