package io.shelfcast.local.model;

import java.util.Arrays;

/**
 * The newest score of each item: a hash table with open addressing in primitive arrays, 28 bytes a
 * slot, as millions of items have to fit beside a pipeline. To be filled by one thread, and then
 * safe for use by many.
 */
final class NewestScores implements ModelScores.ItemScores {
  private static final int FIRST_SLOTS = 1 << 10;

  private long[] storeIds = new long[FIRST_SLOTS];
  private long[] productIds = new long[FIRST_SLOTS];
  private long[] scoredAtMicros = new long[FIRST_SLOTS];
  // NaN: the slot is free.
  private float[] scores = free(FIRST_SLOTS);
  private int items;

  /** Takes a score unless it holds a greater one of the item, by time and then by score. */
  void add(long storeId, long productId, float score, long scoredAt) {
    int slot = slot(storeId, productId);
    if (Float.isNaN(scores[slot])) {
      put(slot, storeId, productId, score, scoredAt);
      items++;
      if (items > scores.length / 3 * 2) {
        grow();
      }
    } else if (scoredAt > scoredAtMicros[slot]
        || (scoredAt == scoredAtMicros[slot] && score > scores[slot])) {
      put(slot, storeId, productId, score, scoredAt);
    }
  }

  @Override
  public float of(long storeId, long productId) {
    return scores[slot(storeId, productId)];
  }

  /** Where the item is, or would be. */
  private int slot(long storeId, long productId) {
    long hash = (storeId * 0x9E3779B97F4A7C15L + productId) * 0xBF58476D1CE4E5B9L;
    int mask = scores.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (!Float.isNaN(scores[slot])
        && (storeIds[slot] != storeId || productIds[slot] != productId)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void put(int slot, long storeId, long productId, float score, long scoredAt) {
    storeIds[slot] = storeId;
    productIds[slot] = productId;
    scores[slot] = score;
    scoredAtMicros[slot] = scoredAt;
  }

  private void grow() {
    final long[] oldStoreIds = storeIds;
    final long[] oldProductIds = productIds;
    final long[] oldScoredAt = scoredAtMicros;
    final float[] oldScores = scores;
    int slots = Math.multiplyExact(oldScores.length, 2);
    storeIds = new long[slots];
    productIds = new long[slots];
    scoredAtMicros = new long[slots];
    scores = free(slots);
    for (int old = 0; old < oldScores.length; old++) {
      if (!Float.isNaN(oldScores[old])) {
        put(
            slot(oldStoreIds[old], oldProductIds[old]),
            oldStoreIds[old],
            oldProductIds[old],
            oldScores[old],
            oldScoredAt[old]);
      }
    }
  }

  private static float[] free(int slots) {
    float[] scores = new float[slots];
    Arrays.fill(scores, Float.NaN);
    return scores;
  }
}
