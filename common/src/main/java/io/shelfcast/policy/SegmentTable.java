package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of each store, or of each product, by its id: compact, for tens of millions of
 * them. Ids stand in a hash table without pointers, of 18 to 36 bytes for each; whoever is alike
 * shares one object. Immutable; any number of threads may use it.
 *
 * @param <T> {@link StoreAttributes} or {@link ProductAttributes}
 */
public final class SegmentTable<T> {

  private static final long FREE = -1;

  private final long[] ids;
  private final int[] kinds;
  private final List<T> distinct;
  private final T unknown;
  private final int size;

  private SegmentTable(Builder<T> builder) {
    this.ids = builder.ids;
    this.kinds = builder.kinds;
    this.distinct = List.copyOf(builder.distinct);
    this.unknown = builder.unknown;
    this.size = builder.size;
  }

  /** What is known of an id; the same object for all that are alike. */
  public T get(long id) {
    int slot = slot(ids, id);
    return ids[slot] == FREE || id == FREE ? unknown : distinct.get(kinds[slot]);
  }

  /** How many ids it has. */
  public int size() {
    return size;
  }

  /** How many kinds of stores, or of products, there are. */
  public int distinct() {
    return distinct.size();
  }

  /** Goes over all of it once, in no order. */
  public Cursor<T> cursor() {
    return new Cursor<>(this);
  }

  /** One id after the other: {@link #next}, then what it stands on. */
  public static final class Cursor<T> {
    private final SegmentTable<T> table;
    private int slot = -1;

    private Cursor(SegmentTable<T> table) {
      this.table = table;
    }

    /** Goes on to the next id; false, if there is none. */
    public boolean next() {
      do {
        slot++;
      } while (slot < table.ids.length && table.ids[slot] == FREE);
      return slot < table.ids.length;
    }

    public long id() {
      return table.ids[slot];
    }

    public T attributes() {
      return table.distinct.get(table.kinds[slot]);
    }
  }

  /** Where the id stands, or would. */
  private static int slot(long[] ids, long id) {
    int mask = ids.length - 1;
    // Ids often follow one another, or share their last bits: the product spreads them.
    int slot = (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (ids[slot] != FREE && ids[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Takes rows one by one. For one thread, and one table. */
  public static final class Builder<T> {
    private static final int SMALLEST = 16;
    private static final int LARGEST = 1 << 30;

    private final T unknown;
    private final Map<T, Integer> known = new HashMap<>();
    private final List<T> distinct = new ArrayList<>();
    private long[] ids = free(SMALLEST);
    private int[] kinds = new int[SMALLEST];
    private int size;

    /**
     * @param unknown what {@link SegmentTable#get} gives for an id that the table has not
     */
    public Builder(T unknown) {
      this.unknown = unknown;
    }

    /**
     * Takes a row; one that repeats another changes nothing.
     *
     * @throws IllegalArgumentException when the id is negative, or already has other attributes
     */
    public Builder<T> add(long id, T attributes) {
      if (id < 0) {
        throw new IllegalArgumentException("id %d is negative".formatted(id));
      }
      int kind = known.computeIfAbsent(attributes, this::newKind);
      int slot = slot(ids, id);
      if (ids[slot] == FREE) {
        ids[slot] = id;
        kinds[slot] = kind;
        size++;
        // At two thirds; with more, it takes ever longer to find out that an id is not there.
        if (size > ids.length / 3 * 2) {
          grow();
        }
      } else if (kinds[slot] != kind) {
        throw new IllegalArgumentException(
            "%d has two rows that differ: %s and %s"
                .formatted(id, distinct.get(kinds[slot]), attributes));
      }
      return this;
    }

    public SegmentTable<T> build() {
      return new SegmentTable<>(this);
    }

    private int newKind(T attributes) {
      distinct.add(attributes);
      return distinct.size() - 1;
    }

    private void grow() {
      if (ids.length == LARGEST) {
        throw new IllegalStateException("more than %,d ids in one table".formatted(size));
      }
      long[] oldIds = ids;
      int[] oldKinds = kinds;
      ids = free(oldIds.length * 2);
      kinds = new int[oldIds.length * 2];
      for (int i = 0; i < oldIds.length; i++) {
        if (oldIds[i] != FREE) {
          int slot = slot(ids, oldIds[i]);
          ids[slot] = oldIds[i];
          kinds[slot] = oldKinds[i];
        }
      }
    }

    private static long[] free(int length) {
      long[] ids = new long[length];
      Arrays.fill(ids, FREE);
      return ids;
    }
  }
}
