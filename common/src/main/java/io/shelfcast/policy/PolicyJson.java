package io.shelfcast.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rules as the database keeps them: a JSON array of what stands under {@code rules} in the YAML
 * that {@link PolicyYaml} reads, word for word.
 */
public final class PolicyJson {

  private static final JsonFactory JSON = new JsonFactory();

  /** More than the largest YAML file can become, with spaces and quotes. */
  private static final int MAX_CHARACTERS = 1 << 25;

  private PolicyJson() {}

  /** The rules as JSON, in their order. */
  public static String write(List<ThresholdRule> rules) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (ThresholdRule rule : rules) {
        write(rule, json);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(ThresholdRule rule, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", rule.name());
    if (rule.modelVersion() != null) {
      json.writeStringField("model_version", rule.modelVersion());
    }
    if (!rule.segment().isEmpty()) {
      json.writeObjectFieldStart("when");
      for (Map.Entry<SegmentAttribute, Set<String>> named : rule.segment().entrySet()) {
        json.writeArrayFieldStart(named.getKey().word());
        for (String value : named.getValue()) {
          json.writeString(value);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    if (rule.change() instanceof Thresholds thresholds) {
      json.writeNumberField("low", thresholds.low());
      json.writeNumberField("out", thresholds.out());
    } else if (rule.change() instanceof ThresholdDelta delta) {
      json.writeNumberField("add_low", delta.addLow());
      json.writeNumberField("add_out", delta.addOut());
    }
    json.writeEndObject();
  }

  /**
   * The rules of what {@link #write} wrote.
   *
   * @throws InvalidPolicyException when it is something else
   */
  public static List<ThresholdRule> read(String json) {
    return PolicyYaml.read("{\"rules\": " + json + "}", MAX_CHARACTERS);
  }
}
