package io.shelfcast.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A numbered, immutable set of rules that turns scores into decisions.
 *
 * @param version its number; 0 is the {@link #BUILT_IN} one, those that are published count from 1
 * @param rules in any order: the order means nothing, {@link ThresholdRule rank} decides
 */
public record ThresholdPolicy(int version, List<ThresholdRule> rules) {

  /**
   * What applies while no policy was published: {@link Thresholds#DEFAULT} for every item. As a
   * rule, so that it can be shown, and published, like any other.
   */
  public static final ThresholdPolicy BUILT_IN =
      new ThresholdPolicy(
          0, List.of(new ThresholdRule("built-in", null, Map.of(), Thresholds.DEFAULT)));

  /**
   * @throws InvalidPolicyException when two rules have one name, or when they are of the same kind
   *     and equal rank and an item can be in both segments; the message names both
   */
  public ThresholdPolicy {
    if (version < 0) {
      throw new IllegalArgumentException("policy version %d is negative".formatted(version));
    }
    rules = List.copyOf(rules);
    Set<String> names = new HashSet<>();
    for (ThresholdRule rule : rules) {
      if (!names.add(rule.name())) {
        throw new InvalidPolicyException(
            "two rules are called '%s'; give each its own name".formatted(rule.name()));
      }
    }
    // What finds rules fast finds out, when it is built, whether two would be found at once.
    RuleIndex.of(rules);
  }
}
