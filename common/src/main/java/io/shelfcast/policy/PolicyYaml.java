package io.shelfcast.policy;

import io.shelfcast.policy.YamlTree.Fields;
import io.shelfcast.policy.YamlTree.Items;
import io.shelfcast.policy.YamlTree.Text;
import io.shelfcast.policy.YamlTree.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules as people write them, and as {@link PolicyJson} does, since JSON is YAML, and writes
 * them:
 *
 * <pre>{@code
 * rules:
 *   - name: everywhere
 *     low: 0.7
 *     out: 0.3
 *   - name: dairy in search
 *     model_version: realtime-v2           # only for this one's scores
 *     when: {category: dairy, surface: [search, browse]}
 *     low: 0.8
 *     out: 0.4
 *   - name: evening
 *     when: {hour_band: evening}
 *     add_low: 0.05                        # added to what another rule sets
 * }</pre>
 *
 * <p>Whatever stands as a value of an attribute is text, {@code 12} and {@code no} too.
 */
public final class PolicyYaml {

  /** Of a file; some ten thousand rules. */
  public static final int MAX_CHARACTERS = 1 << 20;

  private static final List<String> KEYS =
      List.of("name", "model_version", "when", "low", "out", "add_low", "add_out");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private PolicyYaml() {}

  /**
   * The rules of a document, in its order.
   *
   * @throws InvalidPolicyException in one line: which line, which rule, what is wrong, and what to
   *     write instead
   */
  public static List<ThresholdRule> read(String text) {
    List<ThresholdRule> rules = read(text, MAX_CHARACTERS);
    // So that what was published can always be shown, edited and published anew.
    if (write(rules).length() > MAX_CHARACTERS) {
      throw YamlTree.tooLong(MAX_CHARACTERS);
    }
    return rules;
  }

  /**
   * The rules as a document that {@link #read} gives back as they are, and that people can edit: a
   * field a line, quotes only where another reader of YAML could take a text for something else.
   */
  public static String write(List<ThresholdRule> rules) {
    return PolicyYamlWriter.write(rules);
  }

  static List<ThresholdRule> read(String text, int maxCharacters) {
    Value document = YamlTree.of(text, maxCharacters);
    if (document == null) {
      throw new InvalidPolicyException(
          "the policy is empty; write rules: and under it one rule or more");
    }
    if (!(document instanceof Fields fields)) {
      throw YamlTree.at(
          document.line(),
          "the policy is %s; write rules: and under it the rules".formatted(document.title()));
    }
    for (Map.Entry<String, Value> field : fields.values().entrySet()) {
      if (!field.getKey().equals("rules")) {
        throw YamlTree.at(
            field.getValue().line(),
            "a policy has no '%s'; all that it has is rules".formatted(field.getKey()));
      }
    }
    if (!(fields.values().get("rules") instanceof Items rules) || rules.values().isEmpty()) {
      throw YamlTree.at(
          fields.line(), "the policy has no list of rules; write rules: and under it '- name: …'");
    }
    return rules(rules);
  }

  private static List<ThresholdRule> rules(Items items) {
    List<ThresholdRule> rules = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Value item : items.values()) {
      if (!(item instanceof Fields fields)) {
        throw YamlTree.at(
            item.line(),
            "rule %d is %s; write its name, and low and out"
                .formatted(rules.size() + 1, item.title()));
      }
      ThresholdRule rule = new RuleReader(fields, rules.size() + 1).rule();
      Integer before = lines.putIfAbsent(rule.name(), item.line());
      if (before != null) {
        throw YamlTree.at(
            item.line(),
            "a rule is called '%s' already, on line %d; give each its own name"
                .formatted(rule.name(), before));
      }
      rules.add(rule);
    }
    return rules;
  }

  /** Reads one rule; knows what to call it in messages. */
  private static final class RuleReader {
    private final Fields fields;
    private final String title;

    RuleReader(Fields fields, int number) {
      this.fields = fields;
      this.title =
          fields.values().get("name") instanceof Text name && !name.text().isBlank()
              ? "rule '%.60s'".formatted(name.text())
              : "rule %d".formatted(number);
    }

    ThresholdRule rule() {
      fields
          .values()
          .forEach(
              (key, value) -> {
                if (!KEYS.contains(key)) {
                  throw wrong(
                      value.line(),
                      "a rule has no '%s'; write one of %s%s"
                          .formatted(
                              key,
                              String.join(", ", KEYS),
                              SegmentAttribute.ofWord(key).isPresent()
                                  ? ", and %s under when".formatted(key)
                                  : ""));
                }
              });
      String name = text("name");
      if (name == null) {
        throw wrong(fields.line(), "it has no name; write name: and what to call it");
      }
      String model = text("model_version");
      Map<SegmentAttribute, Set<String>> segment = segment();
      ThresholdChange change = change();
      return checked(fields.line(), () -> new ThresholdRule(name, model, segment, change));
    }

    private ThresholdChange change() {
      Double low = number("low");
      Double out = number("out");
      Double addLow = number("add_low");
      Double addOut = number("add_out");
      boolean sets = low != null || out != null;
      boolean adds = addLow != null || addOut != null;
      if (sets && adds) {
        throw wrong(
            fields.line(),
            "it both sets thresholds and adds to them; write low and out in one rule, add_low and"
                + " add_out in another");
      }
      if (adds) {
        return checked(
            line(addLow == null ? "add_out" : "add_low"),
            () -> new ThresholdDelta(orZero(addLow), orZero(addOut)));
      }
      if (low == null || out == null) {
        throw wrong(
            fields.line(),
            "it has no %s; write low and out, or add_low and add_out"
                .formatted(low != null ? "out" : out != null ? "low" : "thresholds"));
      }
      return checked(line("low"), () -> new Thresholds(low, out));
    }

    private Map<SegmentAttribute, Set<String>> segment() {
      Map<SegmentAttribute, Set<String>> segment = new EnumMap<>(SegmentAttribute.class);
      Value when = fields.values().get("when");
      if (when == null) {
        return segment;
      }
      if (!(when instanceof Fields named)) {
        throw wrong(
            when.line(),
            "when is %s; write attributes and their values, or leave it out for every item"
                .formatted(when.title()));
      }
      named
          .values()
          .forEach(
              (word, value) -> {
                SegmentAttribute attribute =
                    SegmentAttribute.ofWord(word)
                        .orElseThrow(
                            () ->
                                wrong(
                                    value.line(),
                                    "there is no attribute '%s'; write one of %s"
                                        .formatted(word, SegmentAttribute.WORDS)));
                segment.put(attribute, values(attribute, value));
              });
      return segment;
    }

    private Set<String> values(SegmentAttribute attribute, Value value) {
      Set<String> values = new LinkedHashSet<>();
      for (Value one : value instanceof Items items ? items.values() : List.of(value)) {
        if (!(one instanceof Text text) || text.isNull()) {
          throw wrong(
              one.line(),
              "%s is %s; write a value, or several as [a, b]"
                  .formatted(attribute.word(), one.title()));
        }
        checked(
            one.line(),
            () -> {
              attribute.checkValue(text.text());
              return values.add(text.text());
            });
      }
      if (values.isEmpty()) {
        throw wrong(
            value.line(),
            "%s has no value; write one, or leave it out".formatted(attribute.word()));
      }
      return values;
    }

    private @Nullable String text(String key) {
      Value value = fields.values().get(key);
      if (value == null) {
        return null;
      }
      if (!(value instanceof Text text) || text.isNull() || text.text().isBlank()) {
        throw wrong(value.line(), "%s is %s; write a text".formatted(key, value.title()));
      }
      return text.text();
    }

    private @Nullable Double number(String key) {
      Value value = fields.values().get(key);
      if (value == null) {
        return null;
      }
      if (!(value instanceof Text text) || !NUMBER.matcher(text.text()).matches()) {
        throw wrong(
            value.line(), "%s is %s; write a number such as 0.7".formatted(key, value.title()));
      }
      return Double.valueOf(text.text());
    }

    private static double orZero(@Nullable Double number) {
      return number == null ? 0 : number;
    }

    private int line(String key) {
      Value value = fields.values().get(key);
      return value == null ? fields.line() : value.line();
    }

    /** What the type itself refuses, with its place. */
    private <T> T checked(int line, Supplier<T> made) {
      try {
        return made.get();
      } catch (IllegalArgumentException e) {
        throw new InvalidPolicyException(
            "line %d, %s: %s".formatted(line, title, e.getMessage()), e);
      }
    }

    private InvalidPolicyException wrong(int line, String message) {
      return new InvalidPolicyException("line %d, %s: %s".formatted(line, title, message));
    }
  }
}
