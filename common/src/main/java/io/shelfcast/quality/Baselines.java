package io.shelfcast.quality;

import org.jspecify.annotations.Nullable;

/**
 * The earlier runs that a model version's rows are compared with.
 *
 * @param last the last one; null: there is none
 * @param alike the last one whose scores were made at the same time of day; null: there is none
 */
public record Baselines(@Nullable Baseline last, @Nullable Baseline alike) {

  /** For a model version's first run. */
  public static final Baselines NONE = new Baselines(null, null);

  /**
   * A run that succeeded.
   *
   * @param runId its name in the ledger
   * @param profile what its rows of the model version looked like
   */
  public record Baseline(String runId, ModelProfile profile) {}
}
