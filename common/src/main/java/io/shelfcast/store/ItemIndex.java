package io.shelfcast.store;

import java.util.Arrays;

/**
 * Where the items of a request stand in it, for rows that come back in the order of the table: an
 * open-addressing hash table, as a map of boxed keys would cost more than the rows. An item may
 * stand in several places.
 */
final class ItemIndex {

  private static final int NOWHERE = -1;

  private final long[] storeIds;
  private final long[] productIds;

  /** Of each slot, the first place of its item. */
  private final int[] slots;

  /** Of each place, the next one of the same item. */
  private final int[] next;

  private final int mask;

  /**
   * An index of items.
   *
   * @param storeIds of each item; or of one length 1, of all
   */
  ItemIndex(long[] storeIds, long[] productIds) {
    this.storeIds = storeIds;
    this.productIds = productIds;
    // At most half full.
    int capacity = Integer.highestOneBit(Math.max(2, productIds.length * 2 - 1)) << 1;
    slots = new int[capacity];
    Arrays.fill(slots, NOWHERE);
    next = new int[productIds.length];
    mask = capacity - 1;
    // From the back, so that the first place is the head.
    for (int i = productIds.length - 1; i >= 0; i--) {
      int slot = slot(storeId(i), productIds[i]);
      next[i] = slots[slot];
      slots[slot] = i;
    }
  }

  /** The item's first place; -1: it was not asked for. */
  int first(long storeId, long productId) {
    return slots[slot(storeId, productId)];
  }

  /** The next place of the same item; -1: there is none. */
  int next(int place) {
    return next[place];
  }

  private int slot(long storeId, long productId) {
    int slot = hash(storeId, productId) & mask;
    while (true) {
      int place = slots[slot];
      if (place == NOWHERE || (productIds[place] == productId && storeId(place) == storeId)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private long storeId(int place) {
    return storeIds.length == 1 ? storeIds[0] : storeIds[place];
  }

  private static int hash(long storeId, long productId) {
    long h = (productId + storeId * 0x9E3779B97F4A7C15L) * 0xC2B2AE3D27D4EB4FL;
    return (int) (h ^ (h >>> 32));
  }
}
