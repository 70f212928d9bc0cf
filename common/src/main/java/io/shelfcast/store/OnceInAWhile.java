package io.shelfcast.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one through in a while, of those who all have the same to tell: an outage fills no log. */
public final class OnceInAWhile {

  private final long whileNanos;
  private final AtomicLong lastNanos;

  /** One at once, and then one in each such while at the most. */
  public OnceInAWhile(Duration length) {
    whileNanos = length.toNanos();
    lastNanos = new AtomicLong(System.nanoTime() - whileNanos);
  }

  /** Whether it is this one's turn; of several threads, one's. */
  public boolean isDue() {
    long last = lastNanos.get();
    long now = System.nanoTime();
    return now - last >= whileNanos && lastNanos.compareAndSet(last, now);
  }
}
