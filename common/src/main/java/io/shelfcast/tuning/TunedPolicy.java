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

  private static final int LONGEST_TITLE = 120;

  private TunedPolicy() {}

  /**
   * The rules in force, with the model version's own thresholds replaced by the tuned ones. What
   * other model versions have stays as it is, and so does what is added to thresholds. Items that
   * no rule has set thresholds for keep the built-in ones, now in a rule.
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
    boolean setsAll = false;
    for (ThresholdRule rule : inForce) {
      boolean sets = rule.change() instanceof Thresholds;
      if (!sets || !modelVersion.equals(rule.modelVersion())) {
        rules.add(rule);
        names.add(rule.name());
        setsAll |= sets && rule.modelVersion() == null && rule.segment().isEmpty();
      }
    }
    if (!setsAll) {
      rules.add(
          0, new ThresholdRule(unused("built-in", names), null, Map.of(), Thresholds.DEFAULT));
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
    return title.codePointCount(0, title.length()) <= LONGEST_TITLE
        ? title
        : title.substring(0, title.offsetByCodePoints(0, LONGEST_TITLE));
  }

  private static String unused(String name, Set<String> names) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = name + " " + i;
    }
    return free;
  }
}
