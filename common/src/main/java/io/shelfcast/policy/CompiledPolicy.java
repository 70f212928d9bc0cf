package io.shelfcast.policy;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy made ready for reads: what an item costs does not grow with the number of rules.
 * Immutable; any number of threads may use it.
 */
public final class CompiledPolicy {

  private final int version;
  private final RuleIndex.Kinds rules;
  private final Set<SegmentAttribute> named = EnumSet.noneOf(SegmentAttribute.class);

  private CompiledPolicy(ThresholdPolicy policy) {
    this.version = policy.version();
    this.rules = RuleIndex.of(policy.rules());
    for (ThresholdRule rule : policy.rules()) {
      named.addAll(rule.segment().keySet());
    }
  }

  /** Makes one; some hundred milliseconds for tens of thousands of rules. */
  public static CompiledPolicy of(ThresholdPolicy policy) {
    return new CompiledPolicy(policy);
  }

  /** The number that an answer says it was made by. */
  public int version() {
    return version;
  }

  /**
   * Whether the attributes of stores make a difference; if not, {@link StoreAttributes#UNKNOWN} is
   * as good.
   */
  public boolean usesStores() {
    return named.contains(SegmentAttribute.CITY)
        || named.contains(SegmentAttribute.REGION)
        || named.contains(SegmentAttribute.RETAILER)
        || named.contains(SegmentAttribute.HOUR_BAND);
  }

  /**
   * Whether the attributes of products make a difference; if not, {@link ProductAttributes#UNKNOWN}
   * is as good.
   */
  public boolean usesProducts() {
    return named.contains(SegmentAttribute.CATEGORY)
        || named.contains(SegmentAttribute.POPULARITY_TIER);
  }

  /**
   * Begins one request.
   *
   * @param modelVersion whose scores are to be judged
   * @param attributes what the request says, for all its items: the surface, and whatever is to be
   *     taken in place of what the tables say
   * @param at the time of the request
   * @throws IllegalArgumentException when no request can say that, naming the attribute
   */
  public Evaluation forRequest(
      String modelVersion, Map<SegmentAttribute, String> attributes, Instant at) {
    attributes.forEach(CompiledPolicy::check);
    return new Evaluation(
        attributes, at, roots(rules.bases(), modelVersion), roots(rules.deltas(), modelVersion));
  }

  private static void check(SegmentAttribute attribute, String value) {
    if (attribute == SegmentAttribute.STORE_ID) {
      throw new IllegalArgumentException(
          "store_id is no attribute of a request; leave it out: each item has its own");
    }
    attribute.checkValue(value);
  }

  private static List<RuleIndex.Node> roots(RuleIndex.Roots roots, String modelVersion) {
    return roots.byModel().getOrDefault(modelVersion, roots.anyModel());
  }
}
