package io.shelfcast.quality;

/** How much of what there is an input has. */
public enum Extent {
  /** All rows of its model versions: what is missing is missed. */
  COMPLETE,
  /** Any rows. */
  PART,
  /** What changed since a time: another thing than the whole, and compared with its like only. */
  INCREMENT
}
