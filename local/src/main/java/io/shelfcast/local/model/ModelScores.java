package io.shelfcast.local.model;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Where a model server has its scores from. Safe for use by many threads. */
public interface ModelScores {

  /** Whether there is a model version of this name. */
  boolean knows(String modelVersion);

  /** What a model version that is known says of items at a time. */
  ItemScores at(String modelVersion, Instant now);

  /** The scores of one model version. */
  interface ItemScores {
    /** The item's score, NaN if the model has none. */
    float of(long storeId, long productId);
  }

  /**
   * Generated scores, those of {@link io.shelfcast.local.generate.ScoreFunction} as of the minute
   * that the time lies in.
   *
   * @param modelVersions the model versions that there are; with none given, any name is one
   */
  static ModelScores generated(long seed, Set<String> modelVersions) {
    return new GeneratedScores(seed, modelVersions);
  }

  /**
   * The newest score of each item in score files, by model version; all of them are in memory.
   *
   * @param modelVersions the model versions to take; with none given, all that the files have
   * @param now what is later than this, in the files, is not taken
   */
  static ModelScores ofFiles(List<String> globs, Set<String> modelVersions, Instant now)
      throws IOException {
    return FileScores.read(globs, modelVersions, now);
  }
}
