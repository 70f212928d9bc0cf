package io.shelfcast.snowflake.emulator;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What shall go wrong, set from a test while the emulator runs. */
public final class Faults {

  private record Failure(String code, String sqlState, String message) {}

  private record Delay(String containing, Duration time) {}

  private final AtomicReference<@Nullable Failure> nextFailure = new AtomicReference<>();
  private final AtomicReference<@Nullable Delay> delay = new AtomicReference<>();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger filesToDeath = new AtomicInteger();
  private volatile String failing = "";

  Faults() {}

  /** The next statement that contains this text fails, once. */
  public void failNext(String containing, String code, String sqlState, String message) {
    failing = containing;
    nextFailure.set(new Failure(code, sqlState, message));
  }

  /** Statements that contain this text take so long, until {@link #fast}. */
  public void slow(String containing, Duration time) {
    delay.set(new Delay(containing, time));
  }

  /** Statements that contain this text never end by themselves, until {@link #fast}. */
  public void hang(String containing) {
    slow(containing, Duration.ofDays(1));
  }

  /** Takes back {@link #slow} and {@link #hang}, also for statements that wait. */
  public void fast() {
    delay.set(null);
    synchronized (delay) {
      delay.notifyAll();
    }
  }

  /** The next so many requests, of whatever kind, are answered 503. */
  public void unavailable(int requests) {
    unavailable.set(requests);
  }

  /** The next unload fails when it has written so many files, which stay. */
  public void dieAfterFiles(int files) {
    filesToDeath.set(files);
  }

  boolean takeUnavailable() {
    return unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  void beforeStatement(String sql) throws InterruptedException {
    @Nullable Failure failure = nextFailure.get();
    if (failure != null && sql.contains(failing) && nextFailure.compareAndSet(failure, null)) {
      throw new SqlFailure(failure.code, failure.sqlState, failure.message);
    }
    @Nullable Delay asked = delay.get();
    if (asked != null && sql.contains(asked.containing)) {
      long end = System.nanoTime() + asked.time.toNanos();
      synchronized (delay) {
        for (long left = asked.time.toMillis();
            left > 0 && asked.equals(delay.get());
            left = (end - System.nanoTime()) / 1_000_000) {
          delay.wait(left);
        }
      }
    }
  }

  void unloadedFile(int files) {
    if (filesToDeath.compareAndSet(files, 0)) {
      throw new SqlFailure(
          "000603", "XX000", "SQL execution internal error: the unload died (a fault asked for).");
    }
  }
}
