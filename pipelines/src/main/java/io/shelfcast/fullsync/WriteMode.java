package io.shelfcast.fullsync;

/** How a full sync writes. */
public enum WriteMode {
  /** Any set of rows, upserted: a row gives way only to a greater one. */
  merge
}
