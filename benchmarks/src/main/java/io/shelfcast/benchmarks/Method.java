package io.shelfcast.benchmarks;

/** A way to bring a set of scores into the database. */
enum Method {
  STOCK("a. JdbcIO.write", "#888888"),
  STOCK_REWRITE("a. JdbcIO.write, reWriteBatchedInserts", "#bbbbbb"),
  MERGE("b. full-sync, merge", "#1f77b4"),
  SNAPSHOT("c. full-sync, snapshot", "#d62728"),
  HAND_MERGE("d. by hand: COPY + merge", "#9edae5"),
  HAND_COPY("e. by hand: COPY + key", "#ff9896"),
  FLOOR("f. floor: COPY, unlogged, no key", "#2ca02c");

  private final String title;
  private final String color;

  Method(String title, String color) {
    this.title = title;
    this.color = color;
  }

  String title() {
    return title;
  }

  String color() {
    return color;
  }

  boolean isStock() {
    return this == STOCK || this == STOCK_REWRITE;
  }

  /** Whether it starts from nothing, whatever is there. */
  boolean isFresh() {
    return this == HAND_COPY || this == FLOOR;
  }
}
