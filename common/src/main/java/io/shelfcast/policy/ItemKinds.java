package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers stores, or products, by what rules can tell of them: those that are in the same segments
 * are of one kind, and get the same thresholds, whichever rule comes before which. So 80,000 stores
 * are of three kinds, if rules name two cities.
 *
 * @param <T> what is told apart
 */
final class ItemKinds<T> {

  /** The kind of what is in no segment that names anything of it, and of what is not known. */
  static final int UNKNOWN = 0;

  private final Set<SegmentAttribute> attributes;
  private final Values<T> values;

  /** The segments that name a value, and those that do not name the attribute, by number. */
  private final Map<SegmentAttribute, Map<String, BitSet>> naming =
      new EnumMap<>(SegmentAttribute.class);

  private final Map<SegmentAttribute, BitSet> notNaming = new EnumMap<>(SegmentAttribute.class);
  private final Map<BitSet, Integer> numbers = new HashMap<>();
  private final List<BitSet> segments = new ArrayList<>();
  private final List<T> examples = new ArrayList<>();

  /** What an item has of an attribute; null, if that is not known. */
  @FunctionalInterface
  interface Values<T> {
    @Nullable String of(T item, SegmentAttribute attribute);
  }

  /**
   * @param attributes that are looked at; of others it is as if no segment named them
   * @param unknown of which nothing is known
   */
  ItemKinds(List<Segment> segments, Set<SegmentAttribute> attributes, Values<T> values, T unknown) {
    this.attributes = attributes;
    this.values = values;
    for (SegmentAttribute attribute : attributes) {
      Map<String, BitSet> byValue = new HashMap<>();
      BitSet others = new BitSet();
      for (int i = 0; i < segments.size(); i++) {
        Set<String> named = segments.get(i).values(attribute);
        others.set(i, named.isEmpty());
        for (String value : named) {
          byValue.computeIfAbsent(value, v -> new BitSet()).set(i);
        }
      }
      naming.put(attribute, byValue);
      notNaming.put(attribute, others);
    }
    of(unknown);
  }

  /** The kind of an item. */
  int of(T item) {
    BitSet in = null;
    for (SegmentAttribute attribute : attributes) {
      BitSet its = (BitSet) bits(notNaming, attribute).clone();
      String value = values.of(item, attribute);
      BitSet named = value == null ? null : named(attribute).get(value);
      if (named != null) {
        its.or(named);
      }
      if (in == null) {
        in = its;
      } else {
        in.and(its);
      }
    }
    BitSet found = in == null ? new BitSet() : in;
    Integer number = numbers.get(found);
    if (number == null) {
      number = examples.size();
      numbers.put(found, number);
      segments.add(found);
      examples.add(item);
    }
    return number;
  }

  /** How many kinds there are among those that were numbered. */
  int size() {
    return examples.size();
  }

  /** One of a kind. */
  T example(int kind) {
    return examples.get(kind);
  }

  /** The numbers of the segments that a kind is in, as far as its attributes tell. */
  BitSet segments(int kind) {
    return segments.get(kind);
  }

  /** The values of an attribute that segments name. */
  Set<String> namedValues(SegmentAttribute attribute) {
    return new HashSet<>(named(attribute).keySet());
  }

  private Map<String, BitSet> named(SegmentAttribute attribute) {
    return naming.getOrDefault(attribute, Map.of());
  }

  private static BitSet bits(Map<SegmentAttribute, BitSet> by, SegmentAttribute attribute) {
    BitSet bits = by.get(attribute);
    if (bits == null) {
      throw new IllegalArgumentException(attribute + " is not looked at");
    }
    return bits;
  }
}
