package io.shelfcast.serving;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what operators set up to date: looks every so often, and in between when somebody has
 * reason to believe that there is something new. When the database cannot be asked, what is known
 * stays in force.
 */
final class StateWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);

  /** For all who have reason at the same time, or one after the other, one look. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

  /** Where it is looked up. */
  interface Source extends AutoCloseable {
    /**
     * What is set now.
     *
     * @param known what was set before, parts of which may be taken over; null: nothing yet
     */
    ServingState load(@Nullable ServingState known);

    @Override
    default void close() {}
  }

  private final Source source;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("shelfcast-config"));
  private volatile @Nullable ServingState state;
  private volatile @Nullable String failure;
  private volatile long startedNanos = System.nanoTime() - SHORTEST_PAUSE.toNanos();
  private volatile long endedNanos = startedNanos;
  private volatile long loadedNanos = System.nanoTime();

  /** The look that all who have reason for one wait for; of one that has not begun or not ended. */
  private @Nullable Future<?> asked;

  /**
   * Looks at once, and then every so often; neither waits for it nor fails with it.
   *
   * @param interval in which what is new is in force: it looks twice as often, since a look takes
   *     its time
   */
  StateWatch(Source source, Duration interval) {
    this.source = source;
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, 0, Math.max(1, interval.toMillis() / 2), TimeUnit.MILLISECONDS);
  }

  /**
   * What is set.
   *
   * @throws NotReadyException when that was never found out yet
   */
  ServingState current() {
    ServingState known = state;
    if (known == null) {
      // Why not is for the log: clients need not know where the database is, say.
      throw new NotReadyException(
          failure == null
              ? "the server is starting; try again in a moment"
              : "the server cannot find out what to serve, and its log says why; try again");
    }
    return known;
  }

  /**
   * What is set, looked up once more if what is known lacks something that another server may have
   * seen already.
   *
   * @param patience how long to wait for that
   */
  ServingState currentWith(Predicate<ServingState> something, Duration patience) {
    ServingState known = current();
    if (something.test(known) || isStuck(patience)) {
      return known;
    }
    try {
      ask().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RejectedExecutionException e) {
      LOG.debug("what is set was not looked up", e);
    } catch (TimeoutException e) {
      LOG.debug("what is set could not be looked up in {}", patience, e);
    }
    return current();
  }

  /** Whether a look goes on for longer than anybody here waits: the database is away, say. */
  private boolean isStuck(Duration patience) {
    return startedNanos - endedNanos > 0 && System.nanoTime() - startedNanos > patience.toNanos();
  }

  /** A look that begins from now on. */
  private synchronized Future<?> ask() {
    if (asked == null || asked.isDone()) {
      long pause = startedNanos + SHORTEST_PAUSE.toNanos() - System.nanoTime();
      asked = thread.schedule(this::look, Math.max(0, pause), TimeUnit.NANOSECONDS);
    }
    return asked;
  }

  /** For how long nothing has been found out, in seconds. */
  double ageSeconds() {
    return (System.nanoTime() - loadedNanos) / 1e9;
  }

  private void look() {
    startedNanos = System.nanoTime();
    try {
      ServingState before = state;
      ServingState now = source.load(before);
      state = now;
      loadedNanos = System.nanoTime();
      if (failure != null) {
        LOG.info("what to serve can be looked up again");
        failure = null;
      }
      tellChanges(before, now);
    } catch (RuntimeException | Error e) {
      // What is known stays in force; the next look may succeed. None would follow an exception.
      String message =
          e instanceof RuntimeException ? String.valueOf(e.getMessage()) : e.toString();
      if (!message.equals(failure)) {
        LOG.warn("what to serve cannot be looked up; what is known stays: {}", message);
        failure = message;
      }
    } finally {
      endedNanos = System.nanoTime();
    }
  }

  private static void tellChanges(@Nullable ServingState before, ServingState now) {
    if (before == null || !Objects.equals(before.live(), now.live())) {
      if (now.live() == null) {
        LOG.warn(
            "no model version is live, so reads are refused; run ./shelfcast models promote NAME");
      } else {
        LOG.info("live model version: {}", now.live().name());
      }
    }
    if (before == null || before.latestPolicy() != now.latestPolicy()) {
      LOG.info(
          "threshold policy in force: {}",
          now.latestPolicy() == 0
              ? "0, the built-in default, as none is published"
              : now.latestPolicy());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    source.close();
  }
}
