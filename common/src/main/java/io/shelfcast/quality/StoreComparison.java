package io.shelfcast.quality;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The stores of an input, held against those of an earlier one.
 *
 * @param baselineStores how many the earlier one had
 * @param stores how many this one has
 * @param missing how many of the earlier ones this one lacks
 * @param shortStores how many of the earlier ones have lost too many of their items, but not all
 * @param shift how differently the items are spread over the stores, as a population stability
 *     index
 */
record StoreComparison(
    long baselineStores, long stores, long missing, long shortStores, double shift) {

  /** A store that loses fewer items than this is not short, however small it is. */
  private static final int FEW_ITEMS = 5;

  static StoreComparison of(Map<Long, Double> before, Map<Long, Double> now, double maxDrop) {
    Set<Long> all = new HashSet<>(before.keySet());
    all.addAll(now.keySet());
    double totalBefore = total(before);
    double totalNow = total(now);
    long missing = 0;
    long shortStores = 0;
    double shift = 0;
    for (Long store : all) {
      double itemsBefore = before.getOrDefault(store, 0.0);
      double itemsNow = now.getOrDefault(store, 0.0);
      if (itemsNow == 0) {
        missing++;
      } else if (itemsBefore - itemsNow >= FEW_ITEMS && itemsNow < itemsBefore * (1 - maxDrop)) {
        shortStores++;
      }
      shift +=
          Psi.term(
              Psi.share(itemsBefore, totalBefore, all.size()),
              Psi.share(itemsNow, totalNow, all.size()));
    }
    return new StoreComparison(before.size(), now.size(), missing, shortStores, shift);
  }

  /** The share of the earlier input's stores that are missing or short. */
  double missingOrShortShare() {
    return baselineStores == 0 ? 0 : (double) (missing + shortStores) / baselineStores;
  }

  /** Whether both have nearly the same stores, as two inputs of parts of the stores have not. */
  boolean isOfTheSameStores(double share) {
    long common = baselineStores - missing;
    return common >= share * baselineStores && common >= share * stores;
  }

  private static double total(Map<Long, Double> items) {
    return items.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
