package io.shelfcast.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions over as many connections as there are, with a thread for each. Open loop: at their
 * times, whatever has become of those before them; when no connection is free, a question is late,
 * which its latency tells. Closed loop: the next one as soon as the last is answered.
 */
final class ReadLoad implements AutoCloseable {

  /** For whoever does not keep up at all. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int MOST_PER_SECOND = 100_000;

  private final List<Calls> connections;

  ReadLoad(List<Calls> connections) {
    this.connections = List.copyOf(connections);
  }

  /** As fast as some of the connections can. */
  Latencies closed(Question.Mix mix, double seconds, int concurrency) throws InterruptedException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    Latencies latencies = new Latencies((int) (seconds * MOST_PER_SECOND), start, 0);
    return run(mix, latencies, () -> System.nanoTime() < end, Long.MAX_VALUE, concurrency);
  }

  /** So many a second. */
  Latencies open(Question.Mix mix, double perSecond, double seconds) throws InterruptedException {
    Latencies latencies =
        new Latencies((int) (perSecond * seconds), System.nanoTime(), 1e9 / perSecond);
    long giveUp = latencies.dueNanos(latencies.capacity()) + GRACE.toNanos();
    return run(mix, latencies, () -> true, giveUp, connections.size());
  }

  /** So many a second while there is reason to go on, up to a number of seconds. */
  Latencies open(Question.Mix mix, double perSecond, double mostSeconds, BooleanSupplier goOn)
      throws InterruptedException {
    Latencies latencies =
        new Latencies((int) (perSecond * mostSeconds), System.nanoTime(), 1e9 / perSecond);
    return run(mix, latencies, goOn, Long.MAX_VALUE, connections.size());
  }

  private Latencies run(
      Question.Mix mix,
      Latencies latencies,
      BooleanSupplier goOn,
      long giveUpNanos,
      int concurrency)
      throws InterruptedException {
    boolean open = latencies.dueNanos(1) > latencies.dueNanos(0);
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Calls connection : connections.subList(0, Math.min(concurrency, connections.size()))) {
      Thread thread =
          new Thread(
              () -> {
                while (goOn.getAsBoolean() && System.nanoTime() < giveUpNanos) {
                  int request = next.getAndIncrement();
                  if (request >= latencies.capacity()) {
                    return;
                  }
                  long due = open ? latencies.dueNanos(request) : System.nanoTime();
                  sleepUntil(due);
                  try {
                    connection.call(mix.anyStore(), mix.any());
                    latencies.succeeded(request, System.nanoTime() - due);
                  } catch (IOException | SQLException | RuntimeException e) {
                    latencies.failed(request);
                    failure.compareAndSet(null, e);
                  }
                }
              },
              "bench-read");
      threads.add(thread);
      thread.start();
    }
    long start = latencies.dueNanos(0);
    for (Thread thread : threads) {
      thread.join();
    }
    boolean all = open && giveUpNanos != Long.MAX_VALUE;
    latencies.done(
        all ? latencies.capacity() : Math.min(next.get(), latencies.capacity()),
        (System.nanoTime() - start) / 1e9);
    Exception first = failure.get();
    if (first != null) {
      System.err.println("a read failed: " + first);
    }
    return latencies;
  }

  private static void sleepUntil(long due) {
    for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
      LockSupport.parkNanos(early);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    for (Calls connection : connections) {
      connection.close();
    }
  }
}
