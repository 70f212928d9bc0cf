package io.shelfcast.scoring;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one model version: its threads, its circuit breaker, its retries. A model version
 * has threads of its own so that those of a sick one, which wait at its breaker, are not missing
 * for the others.
 */
final class ModelCalls {

  private static final long IDLE_SECONDS = 30;

  private final String modelVersion;
  private final InferenceEndpoint endpoint;
  private final @Nullable BearerToken token;
  private final Pace pace;
  private final RetryPolicy<Outcome> retries;
  private final long maxRetryNanos;
  private final long callNanos;
  private final ModelBreaker breaker;
  private final ThreadPoolExecutor threads;

  ModelCalls(
      String modelVersion,
      ScoringConfig config,
      InferenceEndpoint endpoint,
      @Nullable BearerToken token,
      Pace pace,
      RetryPolicy<Outcome> retries,
      ModelBreaker breaker) {
    this.modelVersion = modelVersion;
    this.endpoint = endpoint;
    this.token = token;
    this.pace = pace;
    this.retries = retries;
    this.maxRetryNanos = config.maxRetryTime().toNanos();
    this.callNanos = config.callTimeout().toNanos();
    this.breaker = breaker;
    this.threads =
        new ThreadPoolExecutor(
            config.maxInFlight(),
            config.maxInFlight(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "shelfcast-scoring");
              thread.setDaemon(true);
              return thread;
            });
    // A model version that is asked no more keeps no threads.
    threads.allowCoreThreadTimeOut(true);
  }

  Future<ScoringResult> submit(long[] storeIds, long[] productIds) {
    // Made here: its time runs from now on, also while it waits for a thread.
    Call call = new Call(storeIds, productIds);
    return threads.submit(call::result);
  }

  /** Whether its calls wait at the breaker, or are on trial. */
  boolean isHeldBack() {
    return !breaker.isClosed();
  }

  /** Interrupts the calls under way and cancels those that have not begun. */
  void close() {
    for (Runnable waiting : threads.shutdownNow()) {
      if (waiting instanceof Future<?> call) {
        call.cancel(false);
      }
    }
  }

  /** One call with its retries. */
  private final class Call {
    private final byte[] request;
    private final int items;
    private final long start = System.nanoTime();
    private int calls;
    private boolean tokenRenewed;
    private @Nullable String lastError;

    Call(long[] storeIds, long[] productIds) {
      this.request = InferenceRequest.of(storeIds, productIds);
      this.items = storeIds.length;
    }

    ScoringResult result() throws InterruptedException {
      Outcome last;
      try {
        last = Failsafe.with(retries).get(this::attempt);
      } catch (FailsafeException e) {
        if (e.getCause() instanceof InterruptedException interruption) {
          throw interruption;
        }
        throw e;
      }
      ScoringAnswer answer =
          last instanceof Outcome.Final it
              ? it.answer()
              : unavailable(((Outcome.Again) last).error());
      return new ScoringResult(modelVersion, answer, calls, breaker.takeOpenings());
    }

    private Outcome attempt() throws InterruptedException {
      String error = lastError;
      // Failsafe sees to the time from the first try on. With that the last one may be made as the
      // time is up; what had waited for a thread for long has none left for another.
      if (error != null && System.nanoTime() - start > maxRetryNanos + callNanos) {
        return new Outcome.Final(unavailable(error));
      }
      Outcome outcome = attemptOnce();
      if (outcome instanceof Outcome.Again again) {
        lastError = again.error();
      }
      return outcome;
    }

    private Outcome attemptOnce() throws InterruptedException {
      @Nullable String bearer = null;
      if (token != null) {
        try {
          bearer = token.get();
        } catch (RuntimeException e) {
          // Its keeper may be away for a moment only; the model has no part in it.
          return new Outcome.Again(String.valueOf(e.getMessage()), Duration.ZERO, false);
        }
      }
      if (!awaitTurn()) {
        return new Outcome.Final(unavailable("circuit breaker open; " + breaker.lastError()));
      }
      @Nullable Outcome outcome = null;
      try {
        calls++;
        outcome = endpoint.ask(modelVersion, request, items, bearer);
        return outcome instanceof Outcome.Unauthorized refused ? unauthorized(refused) : outcome;
      } finally {
        pace.leave();
        tellBreaker(outcome);
      }
    }

    /** The token may have been replaced since it was looked up: once more with a new one. */
    private Outcome unauthorized(Outcome.Unauthorized refused) {
      if (token == null || tokenRenewed) {
        return new Outcome.Final(ScoringFailure.refused(refused.error()));
      }
      tokenRenewed = true;
      token.forget();
      return new Outcome.Again(refused.error(), Duration.ZERO, false);
    }

    private void tellBreaker(@Nullable Outcome outcome) {
      if (outcome == null) {
        breaker.abandoned();
      } else if (outcome instanceof Outcome.Again again && again.sick()) {
        breaker.failed(again.error());
      } else {
        breaker.succeeded();
      }
    }

    /**
     * Waits at the breaker, then for the pace; at the breaker again if it has opened meanwhile, as
     * otherwise everybody who waits for the pace would call a model that is known to be down.
     *
     * @return false when the time for retries is up
     */
    private boolean awaitTurn() throws InterruptedException {
      while (breaker.await(start + maxRetryNanos)) {
        boolean entered = false;
        try {
          pace.enter();
          entered = true;
        } finally {
          if (!entered) {
            breaker.abandoned();
          }
        }
        if (!breaker.isOpen()) {
          return true;
        }
        pace.leave();
      }
      return false;
    }

    private ScoringFailure unavailable(String error) {
      double seconds = (System.nanoTime() - start) / 1e9;
      return ScoringFailure.unavailable(
          String.format(
              Locale.ROOT,
              "no answer by %d calls in %.1f s; last error: %s",
              calls,
              seconds,
              error));
    }
  }
}
