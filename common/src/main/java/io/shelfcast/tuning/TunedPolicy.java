package io.shelfcast.tuning;

import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts tuned thresholds into the policy that is in force. */
public final class TunedPolicy {

  private static final int LONGEST_TITLE = 100;

  private TunedPolicy() {}

  /**
   * The rules in force, with the model version's own thresholds replaced by the tuned ones. What
   * other model versions have stays as it is, and so do what is added to thresholds, and thresholds
   * of its own that go by what it was not tuned by.
   *
   * @param attributes what each value of a segment is of
   */
  public static List<ThresholdRule> replacing(
      List<ThresholdRule> inForce,
      String modelVersion,
      List<SegmentAttribute> attributes,
      Tuning tuning) {
    List<ThresholdRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ThresholdRule rule : inForce) {
      if (!isReplaced(rule, modelVersion, attributes)) {
        rules.add(rule);
        names.add(rule.name());
      }
    }
    for (TunedSegment segment : tuning.segments()) {
      rules.add(
          new ThresholdRule(
              unused("tuned %s: %s".formatted(modelVersion, title(segment.segment())), names),
              modelVersion,
              values(segment.segment(), attributes),
              segment.thresholds()));
    }
    return List.copyOf(rules);
  }

  /**
   * The rules in force that set thresholds of some segment for every model version: they no longer
   * do so for this one, since rules that name it come first.
   */
  public static List<ThresholdRule> outranked(List<ThresholdRule> inForce) {
    return inForce.stream()
        .filter(
            rule ->
                rule.change() instanceof Thresholds
                    && rule.modelVersion() == null
                    && !rule.segment().isEmpty())
        .toList();
  }

  private static boolean isReplaced(
      ThresholdRule rule, String modelVersion, List<SegmentAttribute> attributes) {
    return rule.change() instanceof Thresholds
        && modelVersion.equals(rule.modelVersion())
        && attributes.containsAll(rule.segment().keySet());
  }

  private static Map<SegmentAttribute, Set<String>> values(
      Segment segment, List<SegmentAttribute> attributes) {
    Map<SegmentAttribute, Set<String>> values = new EnumMap<>(SegmentAttribute.class);
    for (int i = 0; i < segment.values().size(); i++) {
      values.put(attributes.get(i), Set.of(segment.values().get(i)));
    }
    return values;
  }

  private static String title(Segment segment) {
    String title = segment.title();
    if (title.length() <= LONGEST_TITLE) {
      return title;
    }
    // A letter of two chars stays whole.
    int end = Character.isHighSurrogate(title.charAt(LONGEST_TITLE - 1)) ? 1 : 0;
    return title.substring(0, LONGEST_TITLE - end);
  }

  private static String unused(String name, Set<String> names) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = name + " " + i;
    }
    return free;
  }
}
