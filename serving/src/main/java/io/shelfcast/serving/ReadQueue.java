package io.shelfcast.serving;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read, one for each connection, and those requests that wait for one. When there
 * are too many of these, the next is turned away at once, for the caller to try another server; and
 * what has waited beyond its deadline is not begun, since nobody listens any more.
 */
final class ReadQueue implements AutoCloseable {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

  private final ThreadPoolExecutor threads;
  private final Duration deadline;

  /**
   * A queue.
   *
   * @param threads how many requests are answered at a time
   * @param maxWaiting how many more may wait
   * @param deadline how long one may wait
   */
  ReadQueue(int threads, int maxWaiting, Duration deadline) {
    this.deadline = deadline;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(maxWaiting),
            work -> {
              Thread thread = new Thread(work, "shelfcast-read-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.threads.prestartAllCoreThreads();
  }

  /**
   * Does the work on another thread.
   *
   * @param tooLate what to do instead once it has waited beyond the deadline
   * @return false: there are too many already, and it is not done
   */
  boolean offer(Runnable work, Runnable tooLate) {
    long arrived = System.nanoTime();
    try {
      threads.execute(
          () -> (System.nanoTime() - arrived > deadline.toNanos() ? tooLate : work).run());
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** How many requests are being answered. */
  int busy() {
    return threads.getActiveCount();
  }

  /** How many requests wait. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** Finishes what has been begun. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
