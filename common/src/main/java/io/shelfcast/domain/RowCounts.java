package io.shelfcast.domain;

/**
 * What became of input rows: {@code read = inserted + updated + kept + rejected}, always.
 *
 * @param inserted rows whose key was new
 * @param updated rows that replaced a lesser one
 * @param kept rows that met one at least as great by (scored_at, score), in the table or in their
 *     own batch
 * @param rejected rows that became dead letters
 */
public record RowCounts(long inserted, long updated, long kept, long rejected) {

  public static final RowCounts NONE = new RowCounts(0, 0, 0, 0);

  public RowCounts {
    if (inserted < 0 || updated < 0 || kept < 0 || rejected < 0) {
      throw new IllegalArgumentException(
          "negative count: inserted %d, updated %d, kept %d, rejected %d"
              .formatted(inserted, updated, kept, rejected));
    }
  }

  /** The input rows accounted for. */
  public long read() {
    return inserted + updated + kept + rejected;
  }

  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        inserted + other.inserted,
        updated + other.updated,
        kept + other.kept,
        rejected + other.rejected);
  }
}
