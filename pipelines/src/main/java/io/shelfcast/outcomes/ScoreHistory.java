package io.shelfcast.outcomes;

import java.util.Arrays;

/** The scores of one item by one model version, in the course of time. Not for several threads. */
final class ScoreHistory {

  private final long resolution;
  private long[] times = new long[4];
  private float[] scores = new float[4];
  private int size;
  private boolean sorted = true;

  /**
   * @param resolutionMicros what times are cut to, those of scores as those asked for; 1: they are
   *     exact
   */
  ScoreHistory(long resolutionMicros) {
    this.resolution = resolutionMicros;
  }

  void add(long scoredAtMicros, float score) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      scores = Arrays.copyOf(scores, size * 2);
    }
    times[size] = scoredAtMicros;
    scores[size] = score;
    sorted &= size == 0 || !isBefore(size, size - 1);
    size++;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * The score in force at a time: of those made until then, that moment included, the greatest by
   * time and score, which is the one that the serving database would hold. NaN: there was none yet.
   */
  float inForceAt(long micros) {
    sort();
    long cut = Math.floorDiv(micros, resolution);
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Math.floorDiv(times[middle], resolution) <= cut) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? Float.NaN : scores[low - 1];
  }

  private void sort() {
    if (sorted) {
      return;
    }
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0);
    long[] sortedTimes = new long[size];
    float[] sortedScores = new float[size];
    for (int i = 0; i < size; i++) {
      sortedTimes[i] = times[order[i]];
      sortedScores[i] = scores[order[i]];
    }
    times = sortedTimes;
    scores = sortedScores;
    sorted = true;
  }

  private boolean isBefore(int some, int other) {
    return times[some] != times[other] ? times[some] < times[other] : scores[some] < scores[other];
  }
}
