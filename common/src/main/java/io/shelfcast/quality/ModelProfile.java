package io.shelfcast.quality;

import io.shelfcast.domain.ScoreBatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.datasketches.hll.Union;

/**
 * What the rows of one model version look like, gathered in one pass: mergeable, so that each
 * worker gathers its own. Some tens of kilobytes, and 16 bytes for each store. Not for several
 * threads.
 */
public final class ModelProfile {

  /** The scores' histogram has this many bins of equal width, the last one with its upper end. */
  public static final int BINS = 1000;

  /** Knows the number of items to one percent, in 8 kB. */
  private static final int LG_ITEM_BUCKETS = 13;

  private final long[] item = new long[2];
  final long[] histogram = new long[BINS];
  final StoreRows stores;
  final Union items;
  final SortedMap<String, Long> rejected = new TreeMap<>();
  long rows;
  long zeros;
  long ones;
  double sum;
  double min = Double.POSITIVE_INFINITY;
  double max = Double.NEGATIVE_INFINITY;
  long oldestMicros = Long.MAX_VALUE;
  long newestMicros = Long.MIN_VALUE;

  /** Mean and sum of squared distances from it, which merge without losing digits. */
  double meanMicros;

  double squaredMicros;

  ModelProfile() {
    this(new StoreRows(), new Union(LG_ITEM_BUCKETS));
  }

  ModelProfile(StoreRows stores, Union items) {
    this.stores = stores;
    this.items = items;
  }

  /** Rows that were taken in. */
  public long rows() {
    return rows;
  }

  /** Rows that were not. */
  public long rejected() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Rows that were not, but for those of a retired model version: it was retired on purpose, while
   * its source may go on having it for a while.
   */
  long unexpectedlyRejected() {
    return rejected() - rejected.getOrDefault(Rejection.ModelVersionRetired.REASON, 0L);
  }

  /** Those by reason. */
  public Map<String, Long> rejectedByReason() {
    return Collections.unmodifiableSortedMap(rejected);
  }

  /** How many stores the rows are of. */
  public long stores() {
    return stores.stores();
  }

  /**
   * About how often the input has each of its items: 1, but where it has several snapshots in one.
   */
  public double rowsPerItem() {
    double perItem = rows / Math.max(1, items.getEstimate());
    // The number of items is known to a percent or two.
    return perItem < 1.05 ? 1 : perItem;
  }

  /** About how many items the rows are of. */
  public long items() {
    return Math.round(rows / rowsPerItem());
  }

  /** How many scores stand in each of {@link #BINS} bins from 0 to 1. */
  public long[] histogram() {
    return histogram.clone();
  }

  /** The mean score; NaN when there is none. */
  public double mean() {
    return sum / rows;
  }

  /** The least score; infinite when there is none. */
  public double min() {
    return min;
  }

  /** The greatest score; infinite when there is none. */
  public double max() {
    return max;
  }

  /** Of all scores, those that are exactly 0. */
  public double zeroShare() {
    return rows == 0 ? 0 : (double) zeros / rows;
  }

  /** Of all scores, those that are exactly 1. */
  public double oneShare() {
    return rows == 0 ? 0 : (double) ones / rows;
  }

  /** When the oldest score was made, in microseconds since 1970; nothing sensible without rows. */
  public long oldestMicros() {
    return oldestMicros;
  }

  /** When the newest score was made, in microseconds since 1970; nothing sensible without rows. */
  public long newestMicros() {
    return newestMicros;
  }

  /** When the scores were made, on average, in microseconds since 1970; 0 without rows. */
  public long madeMicros() {
    return Math.round(meanMicros);
  }

  /**
   * How far apart the scores were made, as a standard deviation in seconds. Unlike the oldest and
   * the newest, it does not let a single row decide.
   */
  public double spreadSeconds() {
    return rows == 0 ? 0 : Math.sqrt(squaredMicros / rows) / 1e6;
  }

  void add(ScoreBatch batch) {
    addTimes(batch);
    int storeFrom = 0;
    for (int row = 0; row < batch.size(); row++) {
      add(batch.score(row), batch.scoredAtMicros(row));
      item[0] = batch.storeId(row);
      item[1] = batch.productId(row);
      items.update(item);
      // Rows mostly come by store.
      if (batch.storeId(row) != batch.storeId(storeFrom)) {
        stores.add(batch.storeId(storeFrom), row - (long) storeFrom);
        storeFrom = row;
      }
    }
    if (batch.size() > 0) {
      stores.add(batch.storeId(storeFrom), batch.size() - (long) storeFrom);
    }
    rows += batch.size();
  }

  private void add(double score, long scoredAtMicros) {
    histogram[Math.min(BINS - 1, (int) (score * BINS))]++;
    sum += score;
    min = Math.min(min, score);
    max = Math.max(max, score);
    if (score == 0) {
      zeros++;
    } else if (score == 1) {
      ones++;
    }
    oldestMicros = Math.min(oldestMicros, scoredAtMicros);
    newestMicros = Math.max(newestMicros, scoredAtMicros);
  }

  /** From the batch's first time on, to which the others are near. */
  private void addTimes(ScoreBatch batch) {
    if (batch.size() == 0) {
      return;
    }
    long first = batch.scoredAtMicros(0);
    double sumOfDistances = 0;
    double sumOfSquares = 0;
    for (int row = 0; row < batch.size(); row++) {
      double distance = (double) (batch.scoredAtMicros(row) - first);
      sumOfDistances += distance;
      sumOfSquares += distance * distance;
    }
    double mean = sumOfDistances / batch.size();
    mergeTimes(batch.size(), first + mean, Math.max(0, sumOfSquares - batch.size() * mean * mean));
  }

  private void mergeTimes(long count, double mean, double squared) {
    if (count == 0) {
      return;
    }
    double distance = mean - meanMicros;
    double all = (double) (rows + count);
    squaredMicros += squared + distance * distance * rows * count / all;
    meanMicros += distance * count / all;
  }

  void reject(String reason) {
    rejected.merge(reason, 1L, Long::sum);
  }

  void merge(ModelProfile other) {
    mergeTimes(other.rows, other.meanMicros, other.squaredMicros);
    Arrays.setAll(histogram, bin -> histogram[bin] + other.histogram[bin]);
    stores.merge(other.stores);
    items.update(other.items.getResult());
    other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
    rows += other.rows;
    zeros += other.zeros;
    ones += other.ones;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    oldestMicros = Math.min(oldestMicros, other.oldestMicros);
    newestMicros = Math.max(newestMicros, other.newestMicros);
  }
}
