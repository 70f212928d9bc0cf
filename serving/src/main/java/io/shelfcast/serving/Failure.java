package io.shelfcast.serving;

import io.shelfcast.serving.ServingMetrics.Outcome;
import io.shelfcast.store.DatabaseAwayException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a request was not answered, for both protocols.
 *
 * @param kind what kind of failure
 * @param pointer the JSON pointer of the field at fault; empty: none in particular
 * @param detail what to tell the client
 */
record Failure(Kind kind, String pointer, String detail) {

  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  private static final Duration TOLD_EVERY = Duration.ofSeconds(10);
  private static final AtomicLong TOLD_NANOS =
      new AtomicLong(System.nanoTime() - TOLD_EVERY.toNanos());

  /** What a client can do about it. */
  enum Kind {
    /** Change the request. */
    INVALID(Outcome.INVALID),
    /** Come back later, or go to another server. */
    OVERLOADED(Outcome.SHED),
    /** Come back later. */
    UNAVAILABLE(Outcome.UNAVAILABLE),
    /** Come back later, or ask for less. */
    TIMEOUT(Outcome.TIMEOUT),
    /** Nothing: it is the server's fault. */
    INTERNAL(Outcome.ERROR);

    private final Outcome outcome;

    Kind(Outcome outcome) {
      this.outcome = outcome;
    }

    Outcome outcome() {
      return outcome;
    }
  }

  static final Failure OVERLOADED =
      new Failure(
          Kind.OVERLOADED,
          "",
          "this server has as many requests as it can answer in time; try again in a second");

  static final Failure TIMEOUT =
      new Failure(Kind.TIMEOUT, "", "the answer would have come too late; try again");

  /** What to tell of an error; unforeseen ones are logged, and not told. */
  static Failure of(Throwable error) {
    if (error instanceof InvalidRequestException e) {
      return new Failure(Kind.INVALID, e.pointer(), String.valueOf(e.getMessage()));
    }
    if (error instanceof NotReadyException) {
      return new Failure(Kind.UNAVAILABLE, "", String.valueOf(error.getMessage()));
    }
    if (error instanceof DatabaseAwayException) {
      return new Failure(
          Kind.UNAVAILABLE, "", "the database cannot be reached, or takes too long; try again");
    }
    tellOnceInAWhile(error);
    return new Failure(Kind.INTERNAL, "", "the server failed; its log says why");
  }

  /** What fails one request may fail all of them, and the log is not to be what brings us down. */
  private static void tellOnceInAWhile(Throwable error) {
    long last = TOLD_NANOS.get();
    long now = System.nanoTime();
    if (now - last >= TOLD_EVERY.toNanos() && TOLD_NANOS.compareAndSet(last, now)) {
      LOG.error("a request failed (told every {} s at the most)", TOLD_EVERY.toSeconds(), error);
    }
  }
}
