package io.shelfcast.local.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The items that a call asks for. */
final class InferRequest {

  static final String STORE_ID = "store_id";
  static final String PRODUCT_ID = "product_id";

  private static final JsonFactory JSON = new JsonFactory();

  private final @Nullable String id;
  private final long[] storeIds;
  private final long[] productIds;

  private InferRequest(@Nullable String id, long[] storeIds, long[] productIds) {
    this.id = id;
    this.storeIds = storeIds;
    this.productIds = productIds;
  }

  /** What the caller calls it, to find in the answer. */
  @Nullable String id() {
    return id;
  }

  /** How many items there are. */
  int items() {
    return storeIds.length;
  }

  long storeId(int item) {
    return storeIds[item];
  }

  long productId(int item) {
    return productIds[item];
  }

  /**
   * Reads a call's body; its fields may stand in any order.
   *
   * @throws MalformedCallException if it is no such call; the message says why
   */
  static InferRequest parse(byte[] body) throws MalformedCallException {
    try (JsonParser json = JSON.createParser(body)) {
      expect(json.nextToken(), JsonToken.START_OBJECT, "the body");
      String id = null;
      Inputs inputs = new Inputs();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("id")) {
          expect(value, JsonToken.VALUE_STRING, "id");
          id = json.getText();
        } else if (field.equals("inputs")) {
          inputs.read(json);
        } else {
          json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw new MalformedCallException("something follows the JSON object");
      }
      return inputs.toRequest(id);
    } catch (JsonProcessingException e) {
      throw new MalformedCallException("the body cannot be read: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted, String what)
      throws MalformedCallException {
    if (found != wanted) {
      throw new MalformedCallException(
          "%s is not %s"
              .formatted(
                  what,
                  switch (wanted) {
                    case START_OBJECT -> "a JSON object";
                    case START_ARRAY -> "a JSON array";
                    default -> "a text";
                  }));
    }
  }

  /** The tensors of a call, which come in any order. */
  private static final class Inputs {
    private long @Nullable [] storeIds;
    private long @Nullable [] productIds;

    void read(JsonParser json) throws IOException, MalformedCallException {
      expect(json.currentToken(), JsonToken.START_ARRAY, "inputs");
      while (json.nextToken() != JsonToken.END_ARRAY) {
        readOne(json);
      }
    }

    private void readOne(JsonParser json) throws IOException, MalformedCallException {
      expect(json.currentToken(), JsonToken.START_OBJECT, "an input");
      String name = "";
      String datatype = "";
      long[] shape = {};
      long[] data = {};
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "name" -> name = text(json, "an input's name");
          case "datatype" -> datatype = text(json, "an input's datatype");
          case "shape" -> shape = numbers(json, "an input's shape");
          case "data" -> data = numbers(json, "an input's data");
          default -> json.skipChildren();
        }
      }
      if (!datatype.equals("INT64")) {
        throw new MalformedCallException(
            "input '%s' has datatype '%s', not INT64".formatted(name, datatype));
      }
      if (shape.length != 1 || shape[0] != data.length) {
        throw new MalformedCallException(
            "input '%s' has %d values and shape %s, not [%d]"
                .formatted(name, data.length, Arrays.toString(shape), data.length));
      }
      take(name, data);
    }

    private void take(String name, long[] data) throws MalformedCallException {
      boolean store = name.equals(STORE_ID);
      if (!store && !name.equals(PRODUCT_ID)) {
        throw new MalformedCallException(
            "there is no input '%s'; the inputs are store_id and product_id".formatted(name));
      }
      if ((store ? storeIds : productIds) != null) {
        throw new MalformedCallException("input '%s' is there twice".formatted(name));
      }
      if (store) {
        storeIds = data;
      } else {
        productIds = data;
      }
    }

    private static String text(JsonParser json, String what)
        throws IOException, MalformedCallException {
      expect(json.currentToken(), JsonToken.VALUE_STRING, what);
      return json.getText();
    }

    private static long[] numbers(JsonParser json, String what)
        throws IOException, MalformedCallException {
      expect(json.currentToken(), JsonToken.START_ARRAY, what);
      long[] numbers = new long[16];
      int count = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw new MalformedCallException(
              "%s holds %s, which is not a whole number".formatted(what, json.getText()));
        }
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = json.getLongValue();
      }
      return Arrays.copyOf(numbers, count);
    }

    InferRequest toRequest(@Nullable String id) throws MalformedCallException {
      long[] stores = present(storeIds, STORE_ID);
      long[] products = present(productIds, PRODUCT_ID);
      if (stores.length != products.length) {
        throw new MalformedCallException(
            "store_id has %d values and product_id %d".formatted(stores.length, products.length));
      }
      return new InferRequest(id, stores, products);
    }

    private static long[] present(long @Nullable [] data, String name)
        throws MalformedCallException {
      if (data == null) {
        throw new MalformedCallException("input '%s' is missing".formatted(name));
      }
      return data;
    }
  }
}
