package io.shelfcast.serving;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "shelfcast-config");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable ServingState state;
  private volatile @Nullable String failure;
  private volatile long startedNanos = System.nanoTime() - SHORTEST_PAUSE.toNanos();
  private volatile long loadedNanos = System.nanoTime();

  /** Looks at once, and then every so often; neither waits for it nor fails with it. */
  StateWatch(Source source, Duration interval) {
    this.source = source;
    var unused =
        thread.scheduleWithFixedDelay(this::look, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * What is set.
   *
   * @throws NotReadyException when that was never found out yet
   */
  ServingState current() {
    ServingState known = state;
    if (known == null) {
      throw new NotReadyException(
          failure == null
              ? "the server is starting; try again in a moment"
              : "what to serve is not known yet: " + failure);
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
    if (something.test(known) || System.nanoTime() - startedNanos < SHORTEST_PAUSE.toNanos()) {
      return known;
    }
    Future<?> look = thread.submit(this::lookUnlessJustDone);
    try {
      look.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      LOG.debug("what is set could not be looked up in {}", patience, e);
    }
    return current();
  }

  /** For how long nothing has been found out, in seconds. */
  double ageSeconds() {
    return (System.nanoTime() - loadedNanos) / 1e9;
  }

  private void lookUnlessJustDone() {
    if (System.nanoTime() - startedNanos >= SHORTEST_PAUSE.toNanos()) {
      look();
    }
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
    } catch (RuntimeException e) {
      // What is known stays in force; the next look may succeed.
      String message = String.valueOf(e.getMessage());
      if (!message.equals(failure)) {
        LOG.warn("what to serve cannot be looked up; what is known stays: {}", message);
        failure = message;
      }
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
