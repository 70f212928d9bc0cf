package io.shelfcast.serving;

import io.shelfcast.serving.ServingMetrics.Outcome;
import io.shelfcast.store.DatabaseAwayException;
import io.shelfcast.store.OnceInAWhile;
import java.time.Duration;
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

  /** What fails one request may fail all of them, and the log is not to be what brings us down. */
  private static final OnceInAWhile TELLING = new OnceInAWhile(TOLD_EVERY);

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
    if (TELLING.isDue()) {
      LOG.error("a request failed (told every {} s at the most)", TOLD_EVERY.toSeconds(), error);
    }
    return new Failure(Kind.INTERNAL, "", "the server failed; its log says why");
  }
}
