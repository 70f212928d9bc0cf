package io.shelfcast.experiment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which candidate each of {@value #BUCKETS} equal parts of the users gets. Immutable.
 *
 * <p>A change of the shares moves as few users as it can, and none from one candidate to another if
 * it can help it: a candidate that shrinks gives back its highest buckets, and one that grows takes
 * the lowest of those that were live before, and what another one gives back only when those are
 * used up.
 */
public final class Allocation {

  /** One bucket is a tenth of a percent of the users. */
  public static final int BUCKETS = 1000;

  /** What a bucket holds that belongs to no candidate. */
  public static final short LIVE = 0;

  /** Everybody gets the live version. */
  public static final Allocation ALL_LIVE = new Allocation(new short[BUCKETS]);

  private final short[] buckets;

  private Allocation(short[] buckets) {
    this.buckets = buckets;
  }

  /**
   * The allocation of these buckets.
   *
   * @param candidates for each bucket the id of a model version, or {@link #LIVE}
   * @throws IllegalArgumentException when they are not {@value #BUCKETS}, or one is negative
   */
  public static Allocation of(List<Short> candidates) {
    if (candidates.size() != BUCKETS) {
      throw new IllegalArgumentException(
          "an allocation has %d buckets, not %d".formatted(BUCKETS, candidates.size()));
    }
    short[] buckets = new short[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = candidates.get(i);
      if (buckets[i] < 0) {
        throw new IllegalArgumentException(
            "bucket %d holds %d, which is no model version".formatted(i, buckets[i]));
      }
    }
    return new Allocation(buckets);
  }

  /** The candidate of a bucket, or {@link #LIVE}. */
  public short candidate(int bucket) {
    return buckets[bucket];
  }

  /** All buckets, as {@link #of} takes them. */
  public List<Short> candidates() {
    Short[] candidates = new Short[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      candidates[i] = buckets[i];
    }
    return List.of(candidates);
  }

  /** The share of each candidate that has one, by its id. */
  public SortedMap<Short, Percentage> percentages() {
    SortedMap<Short, Percentage> shares = new TreeMap<>();
    for (short candidate : buckets) {
      if (candidate != LIVE) {
        shares.merge(candidate, new Percentage(1), (a, b) -> new Percentage(a.tenths() + 1));
      }
    }
    return shares;
  }

  /**
   * The allocation with these shares; a candidate that is not named gets none. The same whatever
   * order they are given in.
   *
   * @throws IllegalArgumentException when they are more than 100 % in all
   */
  public Allocation withPercentages(Map<Short, Percentage> shares) {
    int total = shares.values().stream().mapToInt(Percentage::tenths).sum();
    if (total > BUCKETS) {
      throw new IllegalArgumentException(
          "the shares add up to %s %%; write at most 100 in all".formatted(total / 10.0));
    }
    if (shares.keySet().stream().anyMatch(candidate -> candidate <= LIVE)) {
      throw new IllegalArgumentException("the shares %s name no candidate".formatted(shares));
    }
    short[] changed = buckets.clone();
    BitSet wasLive = new BitSet(BUCKETS);
    SortedMap<Short, Integer> missing = new TreeMap<>();
    shares.forEach((candidate, share) -> missing.put(candidate, share.tenths()));
    // Upwards, so that what each one has too many of are its highest buckets.
    for (int i = 0; i < BUCKETS; i++) {
      if (changed[i] == LIVE) {
        wasLive.set(i);
      } else if (missing.merge(changed[i], -1, Integer::sum) < 0) {
        changed[i] = LIVE;
      }
    }
    missing.forEach(
        (candidate, count) -> {
          for (int n = 0; n < count; n++) {
            int next = wasLive.nextSetBit(0);
            int bucket = next >= 0 ? next : firstLive(changed);
            wasLive.clear(bucket);
            changed[bucket] = candidate;
          }
        });
    return new Allocation(changed);
  }

  private static int firstLive(short[] buckets) {
    int bucket = 0;
    while (buckets[bucket] != LIVE) {
      bucket++;
    }
    return bucket;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Allocation that && Arrays.equals(buckets, that.buckets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(buckets);
  }

  @Override
  public String toString() {
    return percentages().toString();
  }
}
