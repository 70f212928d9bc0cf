package io.shelfcast.local.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the demo takes from an answer.
 *
 * @param modelVersion who made it
 * @param token to be sent with the next request
 * @param items how many it has
 * @param stale how many of them are stale
 * @param decisions how many of each kind
 */
record SearchAnswer(
    String modelVersion, String token, int items, int stale, Map<String, Integer> decisions) {

  private static final JsonFactory JSON = new JsonFactory();

  SearchAnswer {
    decisions = Map.copyOf(decisions);
  }

  static SearchAnswer parse(String body) throws IOException {
    String modelVersion = "";
    String token = "";
    int items = 0;
    int stale = 0;
    Map<String, Integer> decisions = new HashMap<>();
    try (JsonParser json = JSON.createParser(body)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME) {
          continue;
        }
        switch (String.valueOf(json.currentName())) {
          case "model_version" -> modelVersion = json.getText();
          case "consistency_token" -> token = json.getText();
          case "stale" -> stale += json.getBooleanValue() ? 1 : 0;
          case "decision" -> {
            items++;
            decisions.merge(json.getText(), 1, Integer::sum);
          }
          default -> {}
        }
      }
    }
    return new SearchAnswer(modelVersion, token, items, stale, decisions);
  }
}
