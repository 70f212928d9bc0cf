package io.shelfcast.refresh;

/** Kafka's {@code auto.offset.reset}. */
public enum OffsetReset {
  /** The oldest that the topic still has: no request is left out. */
  earliest,
  /** What comes from now on. */
  latest
}
