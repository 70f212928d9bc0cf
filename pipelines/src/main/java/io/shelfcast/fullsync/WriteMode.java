package io.shelfcast.fullsync;

/** How a full sync writes. */
public enum WriteMode {
  /** Any set of rows, upserted: a row gives way only to a greater one. */
  merge,
  /** The complete set of one model version, built aside and swapped in. */
  snapshot,
  /** One of the two, by what the input is and by what the database holds. */
  auto
}
