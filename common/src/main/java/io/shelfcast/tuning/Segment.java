package io.shelfcast.tuning;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A segment as it is tuned: the values of the first so many attributes that tuning goes by. The one
 * without any is everything, and the parent of a segment is the one without its last value.
 *
 * @param values in the order of the attributes
 */
public record Segment(List<String> values) implements Comparable<Segment>, Serializable {

  /** Every item. */
  public static final Segment ALL = new Segment(List.of());

  private static final Comparator<Iterable<String>> ORDER =
      (some, others) -> {
        Iterator<String> mine = some.iterator();
        Iterator<String> its = others.iterator();
        while (mine.hasNext() && its.hasNext()) {
          int order = mine.next().compareTo(its.next());
          if (order != 0) {
            return order;
          }
        }
        return Boolean.compare(mine.hasNext(), its.hasNext());
      };

  public Segment {
    values = List.copyOf(values);
  }

  /**
   * The segment without the last value.
   *
   * @throws IllegalStateException when this is everything
   */
  public Segment parent() {
    if (values.isEmpty()) {
      throw new IllegalStateException("everything has no parent");
    }
    return new Segment(values.subList(0, values.size() - 1));
  }

  /**
   * What a table has for it, or else for the nearest of its parents.
   *
   * @param table has something for everything
   */
  <T> T nearestIn(Map<Segment, T> table) {
    Segment at = this;
    T found = table.get(at);
    while (found == null) {
      at = at.parent();
      found = table.get(at);
    }
    return found;
  }

  /** Whether it is everything. */
  public boolean isAll() {
    return values.isEmpty();
  }

  /** How it is called for people. */
  public String title() {
    return isAll() ? "all" : String.join(" / ", values);
  }

  @Override
  public int compareTo(Segment other) {
    return ORDER.compare(values, other.values);
  }
}
