package io.shelfcast.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run's rows of one model version looked like.
 *
 * @param modelVersion which
 * @param rows that were taken in
 * @param rejected that were not
 * @param rejectedByReason those by reason
 * @param stores how many stores the rows are of
 * @param items about how many items they are of
 * @param scores the scores; null when all rows were rejected
 */
public record ProfiledModel(
    String modelVersion,
    long rows,
    long rejected,
    Map<String, Long> rejectedByReason,
    long stores,
    long items,
    @Nullable Scores scores) {

  /**
   * The scores, and when they were made.
   *
   * @param histogram how many there are in each of so many equal parts of 0 to 1
   */
  public record Scores(
      double mean,
      double min,
      double max,
      double shareOfZeros,
      double shareOfOnes,
      Instant oldest,
      Instant newest,
      List<Long> histogram) {}
}
