package io.shelfcast.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import io.shelfcast.policy.Decision;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;

/** Answers as JSON. */
final class AnswerJson {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private static final SerializableString STORE_ID = new SerializedString("store_id");
  private static final SerializableString PRODUCT_ID = new SerializedString("product_id");
  private static final SerializableString SCORE = new SerializedString("score");
  private static final SerializableString SCORED_AT = new SerializedString("scored_at");
  private static final SerializableString AGE_SECONDS = new SerializedString("age_seconds");
  private static final SerializableString STALE = new SerializedString("stale");
  private static final SerializableString DECISION = new SerializedString("decision");

  private static final Map<Decision, SerializableString> DECISIONS = new EnumMap<>(Decision.class);

  static {
    for (Decision decision : Decision.values()) {
      DECISIONS.put(decision, new SerializedString(decision.name()));
    }
  }

  private static final int BYTES_PER_ITEM = 180;

  private AnswerJson() {}

  /** About how many bytes the answer has; hardly ever more. */
  static int bytes(ReadAnswer answer) {
    return 256 + BYTES_PER_ITEM * answer.size();
  }

  /** Writes the answer as text. */
  static void write(ReadAnswer answer, OutputStream to) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(to)) {
      json.writeStartObject();
      json.writeStringField("model_version", answer.modelVersion());
      json.writeNumberField("policy_version", answer.policyVersion());
      json.writeStringField("consistency_token", answer.consistencyToken());
      json.writeArrayFieldStart("items");
      UtcText time = new UtcText();
      SecondsText age = new SecondsText();
      for (int i = 0; i < answer.size(); i++) {
        write(answer, i, time, age, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(
      ReadAnswer answer, int item, UtcText time, SecondsText age, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeFieldName(STORE_ID);
    json.writeNumber(answer.storeId(item));
    json.writeFieldName(PRODUCT_ID);
    json.writeNumber(answer.productId(item));
    if (answer.hasScore(item)) {
      json.writeFieldName(SCORE);
      json.writeNumber(answer.score(item));
      json.writeFieldName(SCORED_AT);
      json.writeString(time.chars(), 0, time.write(answer.scoredAtMicros(item)));
      json.writeFieldName(AGE_SECONDS);
      int end = age.write(answer.ageMicros(item));
      json.writeNumber(age.chars(), age.start(), end - age.start());
    } else {
      json.writeFieldName(SCORE);
      json.writeNull();
      json.writeFieldName(SCORED_AT);
      json.writeNull();
      json.writeFieldName(AGE_SECONDS);
      json.writeNull();
    }
    json.writeFieldName(STALE);
    json.writeBoolean(answer.isStale(item));
    json.writeFieldName(DECISION);
    json.writeString(DECISIONS.get(answer.decision(item)));
    json.writeEndObject();
  }
}
