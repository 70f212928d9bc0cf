package io.shelfcast.local.model;

import java.util.ArrayDeque;
import java.util.Deque;

/** The events of the last second, by the given times, which do not go back; for one thread. */
final class LastSecond {
  private static final long SECOND = 1_000_000_000L;

  private final Deque<Long> nanoTimes = new ArrayDeque<>();
  private int most;

  /** How many there have been in the second up to now. */
  int count(long nanoTime) {
    while (!nanoTimes.isEmpty() && nanoTime - nanoTimes.peekFirst() >= SECOND) {
      nanoTimes.removeFirst();
    }
    return nanoTimes.size();
  }

  void add(long nanoTime) {
    nanoTimes.addLast(nanoTime);
    most = Math.max(most, count(nanoTime));
  }

  /** The greatest number in any one second so far. */
  int most() {
    return most;
  }
}
