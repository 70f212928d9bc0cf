package io.shelfcast.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.shelfcast.domain.Micros;
import io.shelfcast.quality.TimeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of the Open Inference Protocol, version 2: the output {@code score}, wherever it
 * stands among the others, and {@code parameters.scored_at}. What else there is, is passed over.
 *
 * <p>NaN and the infinities, which JSON does not have and Python writes, are read: the row rules
 * have a reason of their own for each.
 */
final class InferenceAnswer {

  static final String SCORE = "score";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final int items;
  private @Nullable ScoreOutput score;
  private @Nullable Instant scoredAt;

  private InferenceAnswer(int items) {
    this.items = items;
  }

  /**
   * The scores of an answer, or what is wrong with it.
   *
   * @param items how many were asked for
   * @param arrived when the answer came, for a model that does not say when it made the scores
   */
  static ScoringAnswer read(byte[] body, int items, Instant arrived) {
    InferenceAnswer answer = new InferenceAnswer(items);
    try (JsonParser json = JSON.createParser(body)) {
      answer.readBody(json);
      return answer.scores(arrived);
    } catch (Malformed e) {
      return ScoringFailure.malformed("the answer " + e.getMessage());
    } catch (JsonProcessingException e) {
      return ScoringFailure.malformed("the answer is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return ScoringFailure.malformed("the answer is not JSON: " + e.getMessage());
    }
  }

  /** The text of an error: that of the field {@code error}, else the body as it is. */
  static String error(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          boolean isError = json.currentName().equals("error");
          if (json.nextToken() == JsonToken.VALUE_STRING && isError) {
            return json.getText();
          }
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      // A proxy's page, say: its text is what there is to tell.
    }
    return new String(body, StandardCharsets.UTF_8).strip();
  }

  private void readBody(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new Malformed("is no JSON object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "outputs" -> readOutputs(json);
        case "parameters" -> readParameters(json);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new Malformed("goes on after its end");
    }
  }

  private void readOutputs(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new Malformed("has outputs that are no array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw new Malformed("has an output that is no object");
      }
      ScoreOutput output = new ScoreOutput(items);
      output.read(json);
      if (output.isScore()) {
        if (score != null) {
          throw new Malformed("has two outputs 'score'");
        }
        score = output;
      }
    }
  }

  private void readParameters(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean isScoredAt = json.currentName().equals("scored_at");
      JsonToken value = json.nextToken();
      if (isScoredAt && value != JsonToken.VALUE_NULL) {
        scoredAt = time(json.getText());
      }
      json.skipChildren();
    }
  }

  private static Instant time(String text) throws Malformed {
    try {
      return TimeText.parse(text);
    } catch (DateTimeException e) {
      throw new Malformed(
          "has a scored_at '%s' that is not a time such as 2024-06-08T06:00:00Z"
              .formatted(OneLine.of(text, 80)));
    }
  }

  private Scores scores(Instant arrived) throws Malformed {
    if (score == null) {
      throw new Malformed("has no output 'score'");
    }
    return score.scores(Micros.of(scoredAt == null ? arrived : scoredAt));
  }

  /** What the protocol does not say; the message goes on from "the answer". */
  static final class Malformed extends IOException {
    Malformed(String message) {
      super(message);
    }
  }
}
