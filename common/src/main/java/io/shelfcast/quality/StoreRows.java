package io.shelfcast.quality;

import java.util.HashMap;
import java.util.Map;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesSetOperationBuilder;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesSketch;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesSketchIterator;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesSketches;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesUnion;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesUpdatableSketch;
import org.apache.datasketches.tuple.arrayofdoubles.ArrayOfDoublesUpdatableSketchBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How many rows each store has. Exact up to {@value #EXACT_STORES} stores; of more, which only
 * wrong input has, a sample of about that many, each with its exact count. Mergeable; not for
 * several threads.
 */
final class StoreRows {

  /** A power of two, well above the number of stores that there are. */
  static final int EXACT_STORES = 1 << 17;

  private final double[] rows = new double[1];
  private ArrayOfDoublesUpdatableSketch added = emptySketch();
  private @Nullable ArrayOfDoublesUnion merged;

  void add(long storeId, long moreRows) {
    rows[0] = moreRows;
    added.update(storeId, rows);
  }

  void merge(StoreRows other) {
    union().union(other.sketch());
  }

  /** How many stores there are. */
  long stores() {
    return Math.round(sketch().getEstimate());
  }

  byte[] toBytes() {
    return sketch().toByteArray();
  }

  static StoreRows ofBytes(byte[] bytes) {
    StoreRows stores = new StoreRows();
    stores.union().union(ArrayOfDoublesSketches.heapifySketch(Memory.wrap(bytes)));
    return stores;
  }

  /**
   * Holds the rows of each store against those that it had.
   *
   * @param rowsPerItem how often the input has each of its items, as is so for several snapshots in
   *     one
   * @param baselineRowsPerItem the same of the baseline
   * @param maxDrop the share of its rows that a store may lose without counting as short
   */
  StoreComparison compare(
      StoreRows baseline, double rowsPerItem, double baselineRowsPerItem, double maxDrop) {
    ArrayOfDoublesSketch now = sketch();
    ArrayOfDoublesSketch before = baseline.sketch();
    // Of samples only what both would have taken can be compared.
    double theta = Math.min(now.getTheta(), before.getTheta());
    return StoreComparison.of(
        itemsByStore(before, theta, baselineRowsPerItem),
        itemsByStore(now, theta, rowsPerItem),
        maxDrop);
  }

  /** By a hash of the store's id, which is all that the sketch keeps of it. */
  private static Map<Long, Double> itemsByStore(
      ArrayOfDoublesSketch sketch, double theta, double rowsPerItem) {
    Map<Long, Double> items = new HashMap<>();
    ArrayOfDoublesSketchIterator stores = sketch.iterator();
    while (stores.next()) {
      if (stores.getKey() < theta * Long.MAX_VALUE) {
        items.put(stores.getKey(), stores.getValues()[0] / rowsPerItem);
      }
    }
    return items;
  }

  private ArrayOfDoublesUnion union() {
    if (merged == null) {
      merged = new ArrayOfDoublesSetOperationBuilder().setNominalEntries(EXACT_STORES).buildUnion();
    }
    return merged;
  }

  private ArrayOfDoublesSketch sketch() {
    if (merged == null) {
      return added.compact();
    }
    if (!added.isEmpty()) {
      merged.union(added.compact());
      added = emptySketch();
    }
    return merged.getResult();
  }

  private static ArrayOfDoublesUpdatableSketch emptySketch() {
    return new ArrayOfDoublesUpdatableSketchBuilder().setNominalEntries(EXACT_STORES).build();
  }
}
