package io.shelfcast.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests as JSON, read in one pass; ids are numbers, or numbers as text. */
final class RequestJson {

  private static final JsonFactory JSON = new JsonFactory();

  private enum Field {
    STORE_ID,
    PRODUCT_IDS,
    ITEMS,
    USER_ID,
    SURFACE,
    ATTRIBUTES,
    CONSISTENCY_TOKEN;

    static final String WORDS =
        "store_id, product_ids, items, user_id, surface, attributes and consistency_token";

    private final String word = name().toLowerCase(Locale.ROOT);

    static @Nullable Field of(String word) {
      return switch (word) {
        case "store_id" -> STORE_ID;
        case "product_ids" -> PRODUCT_IDS;
        case "items" -> ITEMS;
        case "user_id" -> USER_ID;
        case "surface" -> SURFACE;
        case "attributes" -> ATTRIBUTES;
        case "consistency_token" -> CONSISTENCY_TOKEN;
        default -> null;
      };
    }
  }

  private final JsonParser json;
  private final ReadRequest.Builder request = ReadRequest.ofItems();

  private RequestJson(JsonParser json) {
    this.json = json;
  }

  /**
   * The request that the text is.
   *
   * @throws InvalidRequestException when it is none, saying where and what to change
   */
  static ReadRequest parse(byte[] text) {
    try (JsonParser json = JSON.createParser(text)) {
      return new RequestJson(json).read();
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "",
          "the body is not well-formed JSON at line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private ReadRequest read() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new InvalidRequestException(
          "", "the body is not a JSON object; send {\"store_id\": 7, \"product_ids\": [11, 12]}");
    }
    Set<Field> seen = EnumSet.noneOf(Field.class);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      Field field = Field.of(json.currentName());
      if (field == null) {
        throw new InvalidRequestException(
            "", "there is an unknown field; the fields are " + Field.WORDS);
      }
      if (!seen.add(field)) {
        throw new InvalidRequestException(
            "/" + field.word, field.word + " is there twice; send it once");
      }
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        read(field);
      }
    }
    if (json.nextToken() != null) {
      throw new InvalidRequestException("", "the body is more than one JSON object; send one");
    }
    return request.build();
  }

  private void read(Field field) throws IOException {
    switch (field) {
      case STORE_ID -> request.storeId(id("/store_id", "store_id"));
      case PRODUCT_IDS -> readProducts();
      case ITEMS -> readItems();
      case USER_ID -> request.userId(text("/user_id", "user_id"));
      case SURFACE -> request.surface(text("/surface", "surface"));
      case ATTRIBUTES -> readAttributes();
      case CONSISTENCY_TOKEN ->
          request.consistencyToken(text("/consistency_token", "consistency_token"));
    }
  }

  private void readProducts() throws IOException {
    expect(JsonToken.START_ARRAY, "/product_ids", "product_ids is not a list; send [11, 12]");
    request.products();
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      // Its place is put into words only if it is wrong.
      request.addProduct(
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              ? longValue("/product_ids", i)
              : id("/product_ids/" + i, "a product id"));
    }
  }

  private void readItems() throws IOException {
    String shape = "send [{\"store_id\": 7, \"product_id\": 11}]";
    expect(JsonToken.START_ARRAY, "/items", "items is not a list; " + shape);
    request.items();
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw new InvalidRequestException("/items/" + i, "an item is not an object; " + shape);
      }
      long store = -1;
      long product = -1;
      boolean hasStore = false;
      boolean hasProduct = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("store_id")) {
          store = id("/items", i, name);
          hasStore = true;
        } else if (name.equals("product_id")) {
          product = id("/items", i, name);
          hasProduct = true;
        } else {
          throw new InvalidRequestException(
              "/items/" + i, "an item has an unknown field; " + shape);
        }
      }
      if (!hasStore || !hasProduct) {
        throw new InvalidRequestException(
            "/items/" + i, "an item lacks store_id or product_id; " + shape);
      }
      request.addItem(store, product);
    }
  }

  private void readAttributes() throws IOException {
    expect(
        JsonToken.START_OBJECT,
        "/attributes",
        "attributes is not an object; send {\"city\": \"12\"}, say");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      if (!json.currentToken().isScalarValue()) {
        throw new InvalidRequestException(
            "/attributes", "an attribute's value is a list or an object; send text");
      }
      request.attribute(name, json.getText());
    }
  }

  private long id(String pointer, int item, String name) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT
        ? longValue(pointer, item)
        : id(pointer + "/" + item + "/" + name, name);
  }

  private long longValue(String pointer, int place) throws IOException {
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw notAnId(pointer + "/" + place, "an id");
    }
    return json.getLongValue();
  }

  private long id(String pointer, String what) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
      try {
        return Long.parseLong(json.getText());
      } catch (NumberFormatException e) {
        throw notAnId(pointer, what);
      }
    }
    throw notAnId(pointer, what);
  }

  private static InvalidRequestException notAnId(String pointer, String what) {
    return new InvalidRequestException(
        pointer, what + " is not a whole number of 64 bits; ids are, from 0");
  }

  private String text(String pointer, String what) throws IOException {
    expect(JsonToken.VALUE_STRING, pointer, what + " is not text; put it in quotation marks");
    return json.getText();
  }

  private void expect(JsonToken token, String pointer, String otherwise) {
    if (json.currentToken() != token) {
      throw new InvalidRequestException(pointer, otherwise);
    }
  }
}
