package io.shelfcast.scoring;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shelfcast.scoring.InferenceAnswer.Malformed;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One output of an answer, of which the name may come last: until it is known, an output may be the
 * one with the scores, and what is wrong with it does not matter yet.
 */
final class ScoreOutput {

  private final int items;
  private @Nullable String name;
  private @Nullable String datatype;
  private int dimensions;
  private long firstDimension;
  private double[] values = new double[0];
  private final BitSet missing = new BitSet();
  private long count;
  private boolean plain = true;

  /**
   * @param items how many scores there have to be
   */
  ScoreOutput(int items) {
    this.items = items;
  }

  /** Reads the output that the parser stands at the start of. */
  void read(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "name" -> name = textOf(json, value);
        case "datatype" -> datatype = textOf(json, value);
        case "shape" -> readShape(json);
        case "data" -> readData(json);
        default -> json.skipChildren();
      }
    }
  }

  boolean isScore() {
    return InferenceAnswer.SCORE.equals(name);
  }

  Scores scores(long scoredAtMicros) throws Malformed {
    if (!"FP32".equals(datatype) && !"FP64".equals(datatype)) {
      throw new Malformed(
          "has scores of datatype '%s', not FP32 or FP64"
              .formatted(OneLine.of(String.valueOf(datatype), 80)));
    }
    if (dimensions != 1 || firstDimension != items) {
      throw new Malformed("has scores whose shape is not [%d]".formatted(items));
    }
    if (!plain) {
      throw new Malformed("has scores that are no array of numbers");
    }
    if (count != items) {
      throw new Malformed("has %d scores for %d items".formatted(count, items));
    }
    return new Scores(values, missing, scoredAtMicros);
  }

  private static @Nullable String textOf(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return null;
  }

  private void readShape(JsonParser json) throws IOException {
    dimensions = 0;
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (dimensions == 0) {
        // What is no whole number of 64 bits is no number of items either.
        firstDimension = json.getValueAsLong(-1);
      }
      dimensions++;
      json.skipChildren();
    }
  }

  private void readData(JsonParser json) throws IOException {
    boolean isAnother = name != null && !isScore();
    if (isAnother || json.currentToken() != JsonToken.START_ARRAY) {
      plain = false;
      json.skipChildren();
      return;
    }
    values = new double[items];
    missing.clear();
    count = 0;
    plain = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonToken value = json.currentToken();
      if (value.isNumeric()) {
        if (count < items) {
          values[(int) count] = json.getDoubleValue();
        }
      } else if (value == JsonToken.VALUE_NULL) {
        if (count < items) {
          missing.set((int) count);
        }
      } else {
        plain = false;
        json.skipChildren();
      }
      count++;
    }
  }
}
