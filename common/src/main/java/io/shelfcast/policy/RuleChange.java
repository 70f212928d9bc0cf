package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rule of one name from one policy to another.
 *
 * @param before null: it was added
 * @param after null: it was removed
 */
public record RuleChange(@Nullable ThresholdRule before, @Nullable ThresholdRule after) {

  /**
   * The rules that are not the same in both: removed ones first, then changed and added ones, each
   * in the order of its policy. Rules are the same if they have one name and say one thing; their
   * order means nothing.
   */
  public static List<RuleChange> between(List<ThresholdRule> before, List<ThresholdRule> after) {
    Map<String, ThresholdRule> old = new LinkedHashMap<>();
    before.forEach(rule -> old.put(rule.name(), rule));
    Set<String> left = new HashSet<>();
    List<RuleChange> others = new ArrayList<>();
    for (ThresholdRule rule : after) {
      left.add(rule.name());
      ThresholdRule its = old.get(rule.name());
      if (!rule.equals(its)) {
        others.add(new RuleChange(its, rule));
      }
    }
    List<RuleChange> changes = new ArrayList<>();
    for (ThresholdRule rule : before) {
      if (!left.contains(rule.name())) {
        changes.add(new RuleChange(rule, null));
      }
    }
    changes.addAll(others);
    return changes;
  }

  /**
   * One line: {@code + name: all that it says}, {@code - name: all that it said}, {@code ~ name:
   * what is other than before}.
   */
  public String text() {
    if (before != null && after != null) {
      return "~ %s: %s".formatted(after.name(), String.join(", ", changes(before, after)));
    }
    ThresholdRule rule = Objects.requireNonNull(before == null ? after : before);
    List<String> said = new ArrayList<>();
    if (rule.modelVersion() != null) {
      said.add("model_version " + rule.modelVersion());
    }
    if (!rule.segment().isEmpty()) {
      said.add(Segment.text(rule.segment()));
    }
    said.add(text(rule.change()));
    return "%s %s: %s".formatted(before == null ? "+" : "-", rule.name(), String.join(", ", said));
  }

  private static List<String> changes(ThresholdRule before, ThresholdRule after) {
    List<String> changes = new ArrayList<>();
    if (!Objects.equals(before.modelVersion(), after.modelVersion())) {
      changes.add(
          "model_version %s -> %s"
              .formatted(orAny(before.modelVersion()), orAny(after.modelVersion())));
    }
    for (SegmentAttribute attribute : SegmentAttribute.values()) {
      Set<String> old = before.values(attribute);
      Set<String> now = after.values(attribute);
      if (!old.equals(now)) {
        changes.add(attribute.word() + values(old, now, " -") + values(now, old, " +"));
      }
    }
    if (!before.change().equals(after.change())) {
      changes.add(text(before.change()) + " -> " + text(after.change()));
    }
    return changes;
  }

  /** Those of the one that the other has not; an attribute that is not named has any value. */
  private static String values(Set<String> of, Set<String> without, String sign) {
    if (of.isEmpty()) {
      return sign + "any";
    }
    Set<String> only = new HashSet<>(of);
    only.removeAll(without);
    return only.isEmpty() ? "" : sign + Segment.values(only);
  }

  private static String orAny(@Nullable String modelVersion) {
    return modelVersion == null ? "any" : modelVersion;
  }

  private static String text(ThresholdChange change) {
    if (change instanceof Thresholds thresholds) {
      return "low %s out %s".formatted(thresholds.low(), thresholds.out());
    }
    ThresholdDelta delta = (ThresholdDelta) change;
    return "add_low %s add_out %s".formatted(delta.addLow(), delta.addOut());
  }
}
