package io.shelfcast.tuning;

import java.util.Arrays;

/**
 * How many outcomes of each {@link ScoreBins bin} were found, and how many were not. Counts are
 * whole, so it does not matter in which order outcomes came, nor in which histogram they were
 * counted before they were merged. As large as the bins that have an outcome: at most {@value
 * ScoreBins#LAST} of some 20 bytes. Not for several threads.
 */
public final class ScoreHistogram {

  private static final int MOST_PENDING = 1 << 12;

  /** Ascending. */
  private int[] bins = {};

  private long[] found = {};
  private long[] missed = {};
  private int size;

  /** Outcomes that are not counted yet, each as twice its bin, and one more if it was found. */
  private int[] pending = {};

  private int pendingSize;

  /** All in one. */
  public static ScoreHistogram sum(Iterable<ScoreHistogram> histograms) {
    ScoreHistogram sum = new ScoreHistogram();
    histograms.forEach(sum::merge);
    return sum;
  }

  /** Counts an outcome. */
  public void add(int bin, boolean wasFound) {
    if (bin < 0 || bin > ScoreBins.LAST) {
      throw new IllegalArgumentException("there is no bin " + bin);
    }
    if (pendingSize == pending.length) {
      if (pendingSize >= Math.max(16, Math.min(MOST_PENDING, size))) {
        count();
      }
      if (pendingSize == pending.length) {
        pending = Arrays.copyOf(pending, Math.max(4, pending.length * 2));
      }
    }
    pending[pendingSize++] = bin << 1 | (wasFound ? 1 : 0);
  }

  /**
   * Counts outcomes of a bin.
   *
   * @param bin greater than every bin before
   */
  public void append(int bin, long foundThere, long missedThere) {
    count();
    if (bin < 0 || bin > ScoreBins.LAST || (size > 0 && bin <= bins[size - 1])) {
      throw new IllegalArgumentException("bin %d does not come next".formatted(bin));
    }
    if (foundThere < 0 || missedThere < 0) {
      throw new IllegalArgumentException("a count of bin %d is negative".formatted(bin));
    }
    ensure(size + 1);
    put(bin, foundThere, missedThere);
  }

  /** Counts all that another one has counted. */
  public void merge(ScoreHistogram other) {
    count();
    other.count();
    if (other.size == 0) {
      return;
    }
    ScoreHistogram sum = new ScoreHistogram();
    sum.ensure(size + other.size);
    int i = 0;
    int j = 0;
    while (i < size || j < other.size) {
      boolean mine = j == other.size || (i < size && bins[i] <= other.bins[j]);
      boolean its = i == size || (j < other.size && other.bins[j] <= bins[i]);
      sum.put(
          mine ? bins[i] : other.bins[j],
          (mine ? found[i] : 0) + (its ? other.found[j] : 0),
          (mine ? missed[i] : 0) + (its ? other.missed[j] : 0));
      i += mine ? 1 : 0;
      j += its ? 1 : 0;
    }
    bins = sum.bins;
    found = sum.found;
    missed = sum.missed;
    size = sum.size;
  }

  /** How many bins have an outcome. */
  public int size() {
    count();
    return size;
  }

  /** The bin at a place from 0 to {@link #size}, ascending. */
  public int bin(int place) {
    return bins[place];
  }

  /** How many outcomes of the bin at a place were found. */
  public long found(int place) {
    return found[place];
  }

  /** How many were not. */
  public long missed(int place) {
    return missed[place];
  }

  /** All its outcomes, and of them those from a bin upwards. */
  public Shown from(int lowestBin) {
    count();
    long foundThere = 0;
    long missedThere = 0;
    long others = 0;
    for (int i = 0; i < size; i++) {
      if (bins[i] >= lowestBin) {
        foundThere += found[i];
        missedThere += missed[i];
      } else {
        others += found[i] + missed[i];
      }
    }
    return new Shown(foundThere, foundThere + missedThere, foundThere + missedThere + others);
  }

  /** How many outcomes it has. */
  public long total() {
    return from(0).total();
  }

  private void count() {
    if (pendingSize == 0) {
      return;
    }
    Arrays.sort(pending, 0, pendingSize);
    ScoreHistogram more = new ScoreHistogram();
    for (int i = 0; i < pendingSize; i++) {
      int bin = pending[i] >> 1;
      if (more.size == 0 || more.bins[more.size - 1] != bin) {
        more.ensure(more.size + 1);
        more.put(bin, 0, 0);
      }
      more.found[more.size - 1] += pending[i] & 1;
      more.missed[more.size - 1] += 1 - (pending[i] & 1);
    }
    pendingSize = 0;
    merge(more);
  }

  private void ensure(int capacity) {
    if (capacity > bins.length) {
      int length = Math.max(capacity, Math.min(bins.length * 2, ScoreBins.LAST + 1));
      bins = Arrays.copyOf(bins, length);
      found = Arrays.copyOf(found, length);
      missed = Arrays.copyOf(missed, length);
    }
  }

  private void put(int bin, long foundThere, long missedThere) {
    bins[size] = bin;
    found[size] = foundThere;
    missed[size] = missedThere;
    size++;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ScoreHistogram that)) {
      return false;
    }
    count();
    that.count();
    return size == that.size
        && Arrays.equals(bins, 0, size, that.bins, 0, size)
        && Arrays.equals(found, 0, size, that.found, 0, size)
        && Arrays.equals(missed, 0, size, that.missed, 0, size);
  }

  @Override
  public int hashCode() {
    count();
    int hash = size;
    for (int i = 0; i < size; i++) {
      hash = (hash * 31 + bins[i]) * 31 + Long.hashCode(found[i] * 31 + missed[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "ScoreHistogram[%d outcomes in %d bins]".formatted(total(), size());
  }
}
