package io.shelfcast.policy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes rules as a person would, so that what was published can be edited and published anew. */
final class PolicyYamlWriter {

  /** Without quotes, in a list too, for every reader of YAML. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*");

  /** Which some readers of YAML, though not ours, take for something else than text. */
  private static final Set<String> NO_TEXT =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private static final int WIDTH = 100;
  private static final String VALUE_INDENT = " ".repeat(8);

  private final StringBuilder yaml = new StringBuilder();

  private PolicyYamlWriter() {}

  static String write(List<ThresholdRule> rules) {
    PolicyYamlWriter writer = new PolicyYamlWriter();
    writer.yaml.append(rules.isEmpty() ? "rules: []\n" : "rules:\n");
    rules.forEach(writer::add);
    return writer.yaml.toString();
  }

  private void add(ThresholdRule rule) {
    yaml.append("  - name: ").append(scalar(rule.name())).append('\n');
    if (rule.modelVersion() != null) {
      field("    ", "model_version", scalar(rule.modelVersion()));
    }
    if (!rule.segment().isEmpty()) {
      yaml.append("    when:\n");
      rule.segment().forEach(this::add);
    }
    if (rule.change() instanceof Thresholds thresholds) {
      field("    ", "low", Double.toString(thresholds.low()));
      field("    ", "out", Double.toString(thresholds.out()));
    } else if (rule.change() instanceof ThresholdDelta delta) {
      field("    ", "add_low", Double.toString(delta.addLow()));
      field("    ", "add_out", Double.toString(delta.addOut()));
    }
  }

  private void add(SegmentAttribute attribute, Set<String> values) {
    List<String> scalars =
        values.stream()
            .map(value -> attribute == SegmentAttribute.STORE_ID ? value : scalar(value))
            .toList();
    if (scalars.size() == 1) {
      field("      ", attribute.word(), scalars.get(0));
      return;
    }
    StringBuilder line = new StringBuilder("      ").append(attribute.word()).append(": [");
    for (int i = 0; i < scalars.size(); i++) {
      String item = scalars.get(i) + (i < scalars.size() - 1 ? "," : "]");
      if (line.length() + 1 + item.length() > WIDTH && line.length() > VALUE_INDENT.length()) {
        yaml.append(line).append('\n');
        line.setLength(0);
        line.append(VALUE_INDENT);
      } else if (i > 0) {
        line.append(' ');
      }
      line.append(item);
    }
    yaml.append(line).append('\n');
  }

  private void field(String indent, String name, String value) {
    yaml.append(indent).append(name).append(": ").append(value).append('\n');
  }

  private static String scalar(String text) {
    if (PLAIN.matcher(text).matches() && !NO_TEXT.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    // What JSON escapes, YAML understands.
    return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }
}
