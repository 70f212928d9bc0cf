package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The items of one {@code when} of a rule or of several.
 *
 * @param when what the rules name
 * @param modelVersions for which they do; none: for each
 */
record Segment(Map<SegmentAttribute, Set<String>> when, Set<String> modelVersions) {

  /** What a line of text has room for. */
  private static final int TOLD_VALUES = 5;

  /** The segments that rules name, each once, in the order of the rules. */
  static List<Segment> of(List<ThresholdRule> rules) {
    Map<Map<SegmentAttribute, Set<String>>, Set<String>> versions = new LinkedHashMap<>();
    Set<Map<SegmentAttribute, Set<String>>> ofAny = new HashSet<>();
    for (ThresholdRule rule : rules) {
      Set<String> its = versions.computeIfAbsent(rule.segment(), when -> new HashSet<>());
      if (rule.modelVersion() == null) {
        ofAny.add(rule.segment());
      } else {
        its.add(rule.modelVersion());
      }
    }
    List<Segment> segments = new ArrayList<>();
    versions.forEach(
        (when, its) -> segments.add(new Segment(when, ofAny.contains(when) ? Set.of() : its)));
    return segments;
  }

  boolean isOf(String modelVersion) {
    return modelVersions.isEmpty() || modelVersions.contains(modelVersion);
  }

  Set<String> values(SegmentAttribute attribute) {
    return when.getOrDefault(attribute, Set.of());
  }

  /** Without its surfaces, which are told apart; empty, if it names nothing else. */
  String textWithoutSurface() {
    Map<SegmentAttribute, Set<String>> others = new EnumMap<>(SegmentAttribute.class);
    others.putAll(when);
    others.remove(SegmentAttribute.SURFACE);
    return text(others);
  }

  /** As {@code category dairy|fruit, hour_band evening}. */
  static String text(Map<SegmentAttribute, Set<String>> when) {
    return when.entrySet().stream()
        .map(named -> named.getKey().word() + " " + values(named.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Sorted; of many only the first. */
  static String values(Collection<String> values) {
    String told = values.stream().sorted().limit(TOLD_VALUES).collect(Collectors.joining("|"));
    return values.size() <= TOLD_VALUES
        ? told
        : "%s and %,d more".formatted(told, values.size() - TOLD_VALUES);
  }
}
