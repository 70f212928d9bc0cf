package io.shelfcast.benchmarks;

/**
 * One measure.
 *
 * @param rows size of the input
 * @param walBytes what the server wrote of WAL meanwhile
 * @param tableBytes the table and its key afterwards
 * @param heapBytes the greatest heap in use after a collection; 0 if there was none
 */
record Result(
    long rows,
    State state,
    Method method,
    double seconds,
    long walBytes,
    long tableBytes,
    long heapBytes) {

  double rowsPerSecond() {
    return rows / seconds;
  }
}
