package io.shelfcast.fullsync;

/** The kinds of score files. */
enum ScoreFormat {
  PARQUET("Parquet"),
  CSV("CSV"),
  CSV_GZIP("gzipped CSV");

  private final String title;

  ScoreFormat(String title) {
    this.title = title;
  }

  /** As it is called in messages. */
  String title() {
    return title;
  }
}
