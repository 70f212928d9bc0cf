package io.shelfcast.policy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Policies at random, and what they mean, written down as slowly and plainly as it is said. */
final class Naive {

  static final List<String> MODELS = List.of("a", "b", "c");

  private static final Map<SegmentAttribute, List<String>> VALUES =
      Map.of(
          SegmentAttribute.STORE_ID, List.of("0", "1", "2"),
          SegmentAttribute.CITY, List.of("north", "south"),
          SegmentAttribute.REGION, List.of("east", "west"),
          SegmentAttribute.RETAILER, List.of("x", "y"),
          SegmentAttribute.CATEGORY, List.of("dairy", "fruit", "bread"),
          SegmentAttribute.POPULARITY_TIER, List.of("head", "tail"),
          SegmentAttribute.SURFACE, List.of("search", "browse"),
          SegmentAttribute.HOUR_BAND, List.of("night", "morning", "afternoon", "evening"));

  private static final List<SegmentAttribute> MOST_SPECIFIC_FIRST =
      List.of(
          SegmentAttribute.STORE_ID,
          SegmentAttribute.CITY,
          SegmentAttribute.REGION,
          SegmentAttribute.RETAILER,
          SegmentAttribute.CATEGORY,
          SegmentAttribute.POPULARITY_TIER,
          SegmentAttribute.SURFACE,
          SegmentAttribute.HOUR_BAND);

  private static final Comparator<ThresholdRule> BY_RANK =
      Comparator.<ThresholdRule, Boolean>comparing(rule -> rule.modelVersion() != null)
          .thenComparing(rule -> rule.segment().size())
          .thenComparing(Naive::compareAttributes);

  private Naive() {}

  private static int compareAttributes(ThresholdRule one, ThresholdRule other) {
    for (SegmentAttribute attribute : MOST_SPECIFIC_FIRST) {
      int compared =
          Boolean.compare(
              one.segment().containsKey(attribute), other.segment().containsKey(attribute));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  static boolean tie(ThresholdRule one, ThresholdRule other) {
    return one.change().getClass() == other.change().getClass()
        && BY_RANK.compare(one, other) == 0
        && (one.modelVersion() == null || one.modelVersion().equals(other.modelVersion()))
        && one.segment().keySet().stream()
            .allMatch(
                attribute ->
                    !Collections.disjoint(
                        one.segment().get(attribute), other.segment().get(attribute)));
  }

  static boolean hasTie(List<ThresholdRule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (tie(rules.get(i), rules.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The thresholds of an item of which these values are known. */
  static Thresholds thresholds(
      List<ThresholdRule> rules, String modelVersion, Map<SegmentAttribute, String> item) {
    List<ThresholdRule> matching =
        rules.stream()
            .filter(rule -> rule.modelVersion() == null || rule.modelVersion().equals(modelVersion))
            .filter(
                rule ->
                    rule.segment().entrySet().stream()
                        .allMatch(
                            named ->
                                item.containsKey(named.getKey())
                                    && named.getValue().contains(item.get(named.getKey()))))
            .sorted(BY_RANK.reversed())
            .toList();
    Thresholds base =
        matching.stream()
            .map(ThresholdRule::change)
            .filter(Thresholds.class::isInstance)
            .map(Thresholds.class::cast)
            .findFirst()
            .orElse(new Thresholds(0.7, 0.3));
    ThresholdDelta delta =
        matching.stream()
            .map(ThresholdRule::change)
            .filter(ThresholdDelta.class::isInstance)
            .map(ThresholdDelta.class::cast)
            .findFirst()
            .orElse(null);
    if (delta == null) {
      return base;
    }
    double low = Math.min(1, Math.max(0, base.low() + delta.addLow()));
    double out = Math.min(1, Math.max(0, base.out() + delta.addOut()));
    return new Thresholds(low, Math.min(low, out));
  }

  /** Up to 12 rules, ties and all. */
  static List<ThresholdRule> rules(Random random) {
    List<ThresholdRule> rules = new ArrayList<>();
    for (int i = random.nextInt(13); i > 0; i--) {
      Map<SegmentAttribute, Set<String>> segment = new EnumMap<>(SegmentAttribute.class);
      for (int named = random.nextInt(4); named > 0; named--) {
        SegmentAttribute attribute = any(MOST_SPECIFIC_FIRST, random);
        Set<String> values = new LinkedHashSet<>();
        for (int value = 1 + random.nextInt(2); value > 0; value--) {
          values.add(any(VALUES.get(attribute), random));
        }
        segment.put(attribute, values);
      }
      rules.add(
          new ThresholdRule(
              "rule " + i,
              random.nextBoolean() ? null : any(MODELS.subList(0, 2), random),
              segment,
              change(random)));
    }
    return rules;
  }

  private static ThresholdChange change(Random random) {
    if (random.nextBoolean()) {
      double out = random.nextInt(101) / 100.0;
      return new Thresholds(out + (1 - out) * random.nextDouble(), out);
    }
    return new ThresholdDelta(random.nextDouble() * 2 - 1, random.nextDouble() * 2 - 1);
  }

  /** What the request says: nothing, a surface, and now and then more. */
  static Map<SegmentAttribute, String> request(Random random) {
    Map<SegmentAttribute, String> said = new EnumMap<>(SegmentAttribute.class);
    for (SegmentAttribute attribute : SegmentAttribute.values()) {
      int chance = attribute == SegmentAttribute.SURFACE ? 2 : 8;
      if (attribute != SegmentAttribute.STORE_ID && random.nextInt(chance) == 0) {
        said.put(attribute, any(VALUES.get(attribute), random));
      }
    }
    return said;
  }

  static StoreAttributes store(Random random) {
    return new StoreAttributes(
        maybe(SegmentAttribute.CITY, random),
        maybe(SegmentAttribute.REGION, random),
        maybe(SegmentAttribute.RETAILER, random),
        random.nextBoolean() ? null : ZoneId.of(any(List.of("Asia/Shanghai", "-08:00"), random)));
  }

  static ProductAttributes product(Random random) {
    return new ProductAttributes(
        maybe(SegmentAttribute.CATEGORY, random), maybe(SegmentAttribute.POPULARITY_TIER, random));
  }

  /** All that is known of an item of a request. */
  static Map<SegmentAttribute, String> item(
      Map<SegmentAttribute, String> request,
      Instant at,
      long storeId,
      StoreAttributes store,
      ProductAttributes product) {
    Map<SegmentAttribute, String> item = new EnumMap<>(SegmentAttribute.class);
    item.put(SegmentAttribute.STORE_ID, "" + storeId);
    putIfKnown(item, SegmentAttribute.CITY, store.city());
    putIfKnown(item, SegmentAttribute.REGION, store.region());
    putIfKnown(item, SegmentAttribute.RETAILER, store.retailer());
    putIfKnown(item, SegmentAttribute.CATEGORY, product.category());
    putIfKnown(item, SegmentAttribute.POPULARITY_TIER, product.popularityTier());
    ZoneId zone = store.zone() == null ? ZoneId.of("UTC") : store.zone();
    item.put(
        SegmentAttribute.HOUR_BAND,
        Arrays.asList("night", "morning", "afternoon", "evening")
            .get(at.atZone(zone).getHour() / 6));
    item.putAll(request);
    return item;
  }

  private static void putIfKnown(
      Map<SegmentAttribute, String> item, SegmentAttribute attribute, @Nullable String value) {
    if (value != null) {
      item.put(attribute, value);
    }
  }

  private static @Nullable String maybe(SegmentAttribute attribute, Random random) {
    return random.nextInt(4) == 0 ? null : any(VALUES.get(attribute), random);
  }

  static <T> T any(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
