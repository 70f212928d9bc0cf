package io.shelfcast.fullsync;

import java.util.Locale;

/**
 * Which of the two ways {@code --writeMode=auto} takes, and why.
 *
 * @param mode merge or snapshot
 * @param why in words, to follow "because"
 */
record WriteModeChoice(WriteMode mode, String why) {

  /**
   * A complete input that has less than this share of what the database holds may not be so
   * complete, and would remove the rest.
   */
  private static final double LARGE_SHARE = 0.5;

  /** For an input that nobody said was complete. */
  static WriteModeChoice merge(String why) {
    return new WriteModeChoice(WriteMode.merge, why);
  }

  /**
   * For a complete input.
   *
   * @param inputRows about how many rows it has
   * @param heldRows about how many rows the partition has that it would replace
   */
  static WriteModeChoice forComplete(long inputRows, long heldRows) {
    if (heldRows == 0) {
      return new WriteModeChoice(WriteMode.snapshot, "the model version has no scores yet");
    }
    String sizes =
        String.format(
            Locale.ROOT,
            "the input has about %,d rows, and the model version about %,d scores",
            inputRows,
            heldRows);
    return inputRows >= LARGE_SHARE * heldRows
        ? new WriteModeChoice(WriteMode.snapshot, sizes)
        : merge(sizes + ", more than half of which a snapshot would remove");
  }
}
