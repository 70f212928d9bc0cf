package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;

/**
 * The rows of a batch that are to be written, in the order of their keys: one for each key, the
 * greatest by (scored_at, score).
 *
 * <p>Every writer takes its keys in this order, so that two transactions on the same keys wait for
 * each other instead of deadlocking. One row a key, because one statement cannot write a row twice.
 */
final class KeyOrder {

  private KeyOrder() {}

  /** Row numbers of the batch. The rest of its rows lost against one of these. */
  static int[] greatestPerKey(ScoreBatch batch) {
    int[] rows = sorted(batch);
    int kept = 0;
    for (int row : rows) {
      if (kept > 0 && sameKey(batch, rows[kept - 1], row)) {
        // Rows of a key stand in rising order of (scored_at, score): the last one wins.
        rows[kept - 1] = row;
      } else {
        rows[kept++] = row;
      }
    }
    return kept == rows.length ? rows : java.util.Arrays.copyOf(rows, kept);
  }

  /**
   * A natural merge sort on row numbers: files mostly come in key order, and then this is one pass.
   */
  private static int[] sorted(ScoreBatch batch) {
    int n = batch.size();
    int[] from = new int[n];
    for (int i = 0; i < n; i++) {
      from[i] = i;
    }
    int[] to = new int[n];
    while (true) {
      int runs = 0;
      int start = 0;
      while (start < n) {
        int middle = endOfRun(batch, from, start);
        int end = middle < n ? endOfRun(batch, from, middle) : n;
        merge(batch, from, start, middle, end, to);
        start = end;
        runs++;
      }
      if (runs <= 1) {
        return to;
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
  }

  private static int endOfRun(ScoreBatch batch, int[] rows, int start) {
    int end = start + 1;
    while (end < rows.length && compare(batch, rows[end - 1], rows[end]) <= 0) {
      end++;
    }
    return end;
  }

  private static void merge(
      ScoreBatch batch, int[] from, int start, int middle, int end, int[] to) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          left < middle && (right >= end || compare(batch, from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private static boolean sameKey(ScoreBatch batch, int a, int b) {
    return batch.storeId(a) == batch.storeId(b) && batch.productId(a) == batch.productId(b);
  }

  private static int compare(ScoreBatch batch, int a, int b) {
    int order = Long.compare(batch.storeId(a), batch.storeId(b));
    if (order == 0) {
      order = Long.compare(batch.productId(a), batch.productId(b));
    }
    if (order == 0) {
      order = Long.compare(batch.scoredAtMicros(a), batch.scoredAtMicros(b));
    }
    return order == 0 ? Double.compare(batch.score(a), batch.score(b)) : order;
  }
}
