package io.shelfcast.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema is held against what reads policies, as an editor would apply it. */
class PolicySchemaTest {

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(PolicySchema.text());

  private static final List<String> NAMES =
      List.of("a", "'b: c'", "7", "true", "''", "' '", "\"\\t\"", "null", "[a]", "'é'");
  private static final List<String> MODELS = List.of("v1", "2", "'a b'", "", "{}", "x-1.0_b");
  private static final List<String> TEXTS =
      List.of("dairy", "12", "no", "true", "''", "~", "[a, 1.5]", "[]", "[[a]]", "{}", "[a, '']");
  private static final List<String> STORES =
      List.of("7", "0", "'12'", "-1", "x", "[1, '2']", "[1, -2]", "9223372036854775807", "''");
  private static final List<String> BANDS =
      List.of("night", "noon", "[morning, evening]", "[]", "Night", "1");
  private static final List<String> NUMBERS =
      List.of("0", "0.3", ".5", "'0.7'", "1", "8e-1", "1.2", "-0.1", "high", "'x'", "[1]", "");

  @Test
  void itSaysTheSameAsWhatReadsPoliciesOfAnyDocument() {
    Random random = new Random(3);
    int taken = 0;
    int refusedByBoth = 0;
    for (int i = 0; i < 5_000; i++) {
      String yaml = document(random);
      String refusal = refusal(yaml);
      List<Error> errors = errors(yaml);
      if (refusal == null) {
        assertEquals(List.of(), errors, yaml);
        taken++;
      } else if (errors.isEmpty()) {
        assertThat(
            yaml,
            refusal,
            anyOf(containsString("low may not be less than out"), containsString("is called")));
      } else {
        refusedByBoth++;
      }
    }
    assertTrue(taken > 300 && refusedByBoth > 300, taken + " taken, refused " + refusedByBoth);
  }

  private static String document(Random random) {
    List<String> rules = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      List<String> fields = new ArrayList<>();
      maybe(fields, random, 20, "name", List.of("r" + i));
      if (random.nextInt(6) == 0) {
        fields.clear();
        maybe(fields, random, 20, "name", NAMES);
      }
      maybe(fields, random, 1, "model_version", MODELS);
      List<String> when = new ArrayList<>();
      maybe(when, random, 1, "city", TEXTS);
      maybe(when, random, 1, "store_id", STORES);
      maybe(when, random, 1, "hour_band", BANDS);
      if (random.nextInt(20) == 0) {
        maybe(when, random, 20, "town", TEXTS);
      }
      if (random.nextInt(3) == 0) {
        fields.add("when: {" + String.join(", ", when) + "}");
      }
      if (random.nextInt(40) == 0) {
        fields.add("more: 1");
      }
      boolean sets = random.nextBoolean();
      boolean anyNumber = random.nextInt(3) == 0;
      List<String> low = anyNumber ? NUMBERS : List.of("0.7", "1");
      List<String> out = anyNumber ? NUMBERS : List.of("0.3", "0");
      maybe(fields, random, sets ? 20 : 0, "low", low);
      maybe(fields, random, sets ? 20 : 0, "out", out);
      maybe(fields, random, sets ? 0 : 4, "add_low", low);
      maybe(fields, random, sets ? 0 : 4, "add_out", out);
      rules.add("{" + String.join(", ", fields) + "}");
    }
    return "rules: [" + String.join(", ", rules) + "]";
  }

  /** Adds a field, in so many of so many and one cases; never for 0, but for one in thirty. */
  private static void maybe(
      List<String> fields, Random random, int chances, String name, List<String> values) {
    if (chances == 0 ? random.nextInt(30) == 0 : random.nextInt(chances + 1) < chances) {
      fields.add(name + ": " + Naive.any(values, random));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: []",
        "rules:",
        "rules: [7]",
        "just text",
        "{rules: [{name: a, low: 1, out: 0}], more: 1}",
        "rules: [{name: a, low: 1, out: 0, add_low: 0.1}]",
        "rules: [{name: a}]",
        "rules: [{name: a, when: dairy, low: 1, out: 0}]",
        "rules: [{name: a, when: [city], low: 1, out: 0}]",
        "{}"
      })
  void whatReadsPoliciesRefusesItRefuses(String yaml) {
    assertTrue(refusal(yaml) != null, yaml);
    assertTrue(!errors(yaml).isEmpty(), yaml);
  }

  @Test
  void whatIsWrittenItTakes() {
    for (long seed = 0; seed < 300; seed++) {
      List<ThresholdRule> rules = Naive.rules(new Random(seed));
      if (!rules.isEmpty()) {
        String yaml = PolicyYaml.write(rules);
        assertEquals(List.of(), errors(yaml), yaml);
      }
    }
  }

  private static String refusal(String yaml) {
    try {
      List<ThresholdRule> read = PolicyYaml.read(yaml);
      return read.isEmpty() ? "no rules" : null;
    } catch (InvalidPolicyException e) {
      return e.getMessage();
    }
  }

  private static List<Error> errors(String yaml) {
    Object document =
        new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
    try {
      return SCHEMA.validate(new ObjectMapper().writeValueAsString(document), InputFormat.JSON);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
