package io.shelfcast.serving;

import io.shelfcast.serving.ServingMetrics.Outcome;

/** The course of a request, whatever protocol it came by: wait, parse, read, answer, be counted. */
final class ReadHandler {

  /** A request and whoever waits for its answer. It fails if it cannot be answered. */
  interface Exchange {
    /**
     * The request, read from what came.
     *
     * @throws InvalidRequestException when it is wrong
     */
    ReadRequest request();

    void answer(ReadAnswer answer);

    /** Whether nobody waits for the answer any more. */
    boolean isGone();

    void fail(Failure failure);
  }

  private final AvailabilityReader reader;
  private final ReadQueue queue;
  private final ServingMetrics metrics;

  ReadHandler(AvailabilityReader reader, ReadQueue queue, ServingMetrics metrics) {
    this.reader = reader;
    this.queue = queue;
    this.metrics = metrics;
  }

  /**
   * Has a request answered, on another thread.
   *
   * @param arrivedNanos when it came, by the system's nano time
   */
  void handle(String protocol, long arrivedNanos, Exchange exchange) {
    boolean taken =
        queue.offer(
            () -> answer(protocol, arrivedNanos, exchange),
            () -> fail(protocol, arrivedNanos, exchange, Failure.TIMEOUT));
    if (!taken) {
      fail(protocol, arrivedNanos, exchange, Failure.OVERLOADED);
    }
  }

  /** Counts a request that never got as far as {@link #handle}. */
  void refused(String protocol, Outcome outcome) {
    metrics.request(protocol, outcome, 0);
  }

  private void answer(String protocol, long arrivedNanos, Exchange exchange) {
    if (exchange.isGone()) {
      fail(protocol, arrivedNanos, exchange, Failure.TIMEOUT);
      return;
    }
    try {
      exchange.answer(reader.read(exchange.request()));
    } catch (RuntimeException | Error e) {
      fail(protocol, arrivedNanos, exchange, Failure.of(e));
      return;
    }
    metrics.request(protocol, Outcome.OK, System.nanoTime() - arrivedNanos);
  }

  private void fail(String protocol, long arrivedNanos, Exchange exchange, Failure failure) {
    exchange.fail(failure);
    metrics.request(protocol, failure.kind().outcome(), System.nanoTime() - arrivedNanos);
  }
}
