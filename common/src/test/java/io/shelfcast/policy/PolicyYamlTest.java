package io.shelfcast.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyYamlTest {

  private static final ThresholdRule ANY =
      new ThresholdRule("any", null, Map.of(), Thresholds.DEFAULT);

  @Test
  void rulesAreReadAsTheyAreWritten() {
    assertEquals(
        List.of(
            new ThresholdRule("everywhere", null, Map.of(), new Thresholds(0.7, 0.3)),
            new ThresholdRule(
                "dairy in search",
                "realtime-v2",
                Map.of(
                    SegmentAttribute.CATEGORY, Set.of("dairy"),
                    SegmentAttribute.SURFACE, Set.of("search", "browse")),
                new Thresholds(0.8, 0.4)),
            new ThresholdRule(
                "evening",
                null,
                Map.of(SegmentAttribute.HOUR_BAND, Set.of("evening")),
                new ThresholdDelta(0.05, 0))),
        PolicyYaml.read(
            """
            # What is shown as in stock.
            rules:
              - name: everywhere
                low: 0.7
                out: .3
              - name: dairy in search
                model_version: realtime-v2     # optional
                when: {category: dairy, surface: [search, browse]}
                low: 8e-1
                out: 0.4
              - name: evening
                when:
                  hour_band: evening
                add_low: 0.05
            """));
  }

  @Test
  void valuesAreTextWhateverYamlTakesThemFor() {
    List<ThresholdRule> rules =
        PolicyYaml.read(
            "rules: [{name: 1, when: {city: [12, 0x10, no, 1.50, 'null']}, low: 1, out: 0}]");
    assertEquals("1", rules.get(0).name());
    assertEquals(
        Set.of("12", "0x10", "no", "1.50", "null"), rules.get(0).values(SegmentAttribute.CITY));
  }

  @Property(tries = 500)
  void whatIsWrittenAsJsonIsReadAsTheSameRules(@ForAll long seed) {
    List<ThresholdRule> rules = Naive.rules(new Random(seed));
    if (!rules.isEmpty()) {
      assertEquals(rules, PolicyJson.read(PolicyJson.write(rules)));
    }
  }

  @Property(tries = 500)
  void whatIsWrittenAsYamlIsReadAsTheSameRules(@ForAll long seed) {
    List<ThresholdRule> rules = Naive.rules(new Random(seed));
    if (!rules.isEmpty()) {
      assertEquals(rules, PolicyYaml.read(PolicyYaml.write(rules)));
    }
  }

  @Property(tries = 2000)
  void anyTextThatARuleTakesComesBackFromJsonAndFromYaml(
      @ForAll String value, @ForAll String name) {
    ThresholdRule rule;
    try {
      rule =
          new ThresholdRule(name, null, Map.of(SegmentAttribute.CITY, Set.of(value)), ANY.change());
    } catch (IllegalArgumentException e) {
      return;
    }
    assertEquals(List.of(rule), PolicyJson.read(PolicyJson.write(List.of(rule))));
    assertEquals(List.of(rule), PolicyYaml.read(PolicyYaml.write(List.of(rule))));
  }

  @Test
  void yamlIsWrittenAsAPersonWould() {
    String yaml =
        """
        rules:
          - name: everywhere
            low: 0.7
            out: 0.3
          - name: "dairy: in search"
            model_version: realtime-v2
            when:
              store_id: [7, 12]
              city: "no"
              category: [dairy, "\u00e4 \\"la\\" carte", "1.5"]
              surface: search
            low: 0.8
            out: 0.4
          - name: evening
            when:
              hour_band: evening
            add_low: 0.05
            add_out: 0.0
        """;
    assertEquals(yaml, PolicyYaml.write(PolicyYaml.read(yaml)));
  }

  @Test
  void longListsOfValuesAreBroken() {
    Set<String> stores =
        IntStream.range(0, 100).mapToObj(String::valueOf).collect(Collectors.toSet());
    List<ThresholdRule> rules =
        List.of(
            new ThresholdRule(
                "many", null, Map.of(SegmentAttribute.STORE_ID, stores), ANY.change()));
    String yaml = PolicyYaml.write(rules);
    assertTrue(yaml.lines().allMatch(line -> line.length() <= 100), yaml);
    assertEquals(rules, PolicyYaml.read(yaml));
  }

  @Property(tries = 2000)
  void anyOtherTextIsRefusedInOneLine(@ForAll String text) {
    InvalidPolicyException refused =
        assertThrows(InvalidPolicyException.class, () -> PolicyYaml.read(text));
    assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "|the policy is empty; write rules: and under it one rule or more",
        "# nothing|the policy is empty; write rules: and under it one rule or more",
        "just text|line 1: the policy is 'just text'; write rules: and under it the rules",
        "rules: []|line 1: the policy has no list of rules; write rules: and under it '- name: …'",
        "rules:|line 1: the policy has no list of rules; write rules: and under it '- name: …'",
        "{rules: [], more: 1}|line 1: a policy has no 'more'; all that it has is rules",
        "rules: [7]|line 1: rule 1 is '7'; write its name, and low and out",
        "rules: [{low: 1, out: 0}]|line 1, rule 1: it has no name; write name: and what to call it",
        "rules: [{name: }]|line 1, rule 1: name is empty; write a text",
        "rules:\\n- name: a\\n  low: 0.7\\n|line 2, rule 'a': it has no out; write low and out, or"
            + " add_low and add_out",
        "rules:\\n- name: a\\n|line 2, rule 'a': it has no thresholds; write low and out, or"
            + " add_low and add_out",
        "rules:\\n- name: a\\n  low: 0.3\\n  out: 0.7|line 3, rule 'a': low is 0.3 and out is 0.7;"
            + " low may not be less than out",
        "rules:\\n- name: a\\n  low: 1.2\\n  out: 0.7|line 3, rule 'a': low is 1.2; write a number"
            + " from 0 to 1",
        "rules:\\n- name: a\\n  low: high\\n|line 3, rule 'a': low is 'high'; write a number such"
            + " as 0.7",
        "rules:\\n- name: a\\n  low: NaN\\n|line 3, rule 'a': low is 'NaN'; write a number such as"
            + " 0.7",
        "rules:\\n- name: a\\n  low: [1]\\n|line 3, rule 'a': low is a list; write a number such as"
            + " 0.7",
        "rules:\\n- name: a\\n  add_low: 2\\n|line 3, rule 'a': add_low is 2.0; write a number from"
            + " -1 to 1",
        "rules:\\n- name: a\\n  add_low: 0.1\\n  low: 1|line 2, rule 'a': it both sets thresholds"
            + " and adds to them; write low and out in one rule, add_low and add_out in another",
        "rules:\\n- name: a\\n  lo: 1|line 3, rule 'a': a rule has no 'lo'; write one of name,"
            + " model_version, when, low, out, add_low, add_out",
        "rules:\\n- name: a\\n  city: x|line 3, rule 'a': a rule has no 'city'; write one of name,"
            + " model_version, when, low, out, add_low, add_out, and city under when",
        "rules:\\n- name: a\\n  when: {town: x}|line 3, rule 'a': there is no attribute 'town';"
            + " write one of store_id, city, region, retailer, category, popularity_tier, surface,"
            + " hour_band",
        "rules:\\n- name: a\\n  when: dairy|line 3, rule 'a': when is 'dairy'; write attributes and"
            + " their values, or leave it out for every item",
        "rules:\\n- name: a\\n  when: {city: }|line 3, rule 'a': city is empty; write a value, or"
            + " several as [a, b]",
        "rules:\\n- name: a\\n  when: {city: []}|line 3, rule 'a': city has no value; write one, or"
            + " leave it out",
        "rules:\\n- name: a\\n  when: {hour_band: noon}|line 3, rule 'a': hour_band is 'noon'; write"
            + " one of night, morning, afternoon, evening",
        "rules:\\n- name: a\\n  when: {store_id: -1}|line 3, rule 'a': store_id is '-1'; write a"
            + " whole number from 0 on",
        "rules:\\n- name: a\\n  model_version: a b\\n  low: 1\\n  out: 1|line 2, rule 'a':"
            + " model_version is 'a b'; write 1 to 64 of letters, digits, '.', '_' and '-'",
        "rules:\\n- {name: a, low: 1, out: 0}\\n- {name: a, low: 1, out: 0}|line 3: a rule is called"
            + " 'a' already, on line 2; give each its own name",
        "rules:\\n- {name: a, low: 1, low: 0}|line 2: 'low' stands here twice; write it once",
        "rules:\\n- name: a\\n   low: 1|line 3: this is no YAML: mapping values are not allowed here",
        "rules: &r [*r]|line 1: the alias *r is not taken; write out what it means",
        "rules: []\\n---\\nrules: []|line 3: a second document begins; write all rules into one",
        "? [a]\\n: b|line 1: a key is a list; write a word",
      })
  void whatIsWrongIsToldWithItsPlaceAndWhatToWriteInstead(String yaml, String message) {
    String text = yaml == null ? "" : yaml.replace("\\n", "\n");
    assertThat(
        assertThrows(InvalidPolicyException.class, () -> PolicyYaml.read(text)).getMessage(),
        is(message));
  }

  @Test
  void whatWouldTakeTooMuchIsRefusedFirst() {
    assertThat(
        assertThrows(InvalidPolicyException.class, () -> PolicyYaml.read("#".repeat(1 << 21)))
            .getMessage(),
        is("the policy has more than 1,048,576 characters; write fewer rules, or fewer values"));
    assertThat(
        assertThrows(InvalidPolicyException.class, () -> PolicyYaml.read("[".repeat(100_000)))
            .getMessage(),
        containsString("too much inside each other"));
  }
}
