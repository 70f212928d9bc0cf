package io.shelfcast.store;

/** Who wrote a score row; the number stands in the database and is never given another meaning. */
public enum Origin {
  FULL_SYNC((short) 1),
  REFRESH((short) 2),
  REPLAY((short) 3);

  private final short number;

  Origin(short number) {
    this.number = number;
  }

  short number() {
    return number;
  }
}
