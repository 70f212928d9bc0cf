package io.shelfcast.benchmarks;

/** What the table holds of the input before it is written. */
enum State {
  EMPTY("empty table", "false"),
  ALL("all changed", "false"),
  HALF("half changed", "product_id % 2 = 0"),
  NONE("none changed", "true");

  private final String title;
  private final String asNew;

  State(String title, String asNew) {
    this.title = title;
    this.asNew = asNew;
  }

  String title() {
    return title;
  }

  /** Which rows of the input the table has as they are; the others it has older and different. */
  String asNew() {
    return asNew;
  }
}
