package io.shelfcast.serving.experiment;

import io.shelfcast.experiment.Allocation;
import io.shelfcast.experiment.Experiment;
import java.util.Map;

/**
 * The experiment as it stands at one time.
 *
 * @param experiment which user gets which candidate
 * @param candidates the name of each candidate, by its id; a user of one that is not here gets the
 *     live version
 */
public record ExperimentSnapshot(Experiment experiment, Map<Short, String> candidates) {

  /** No experiment: everybody gets the live version. */
  public static final ExperimentSnapshot NONE =
      new ExperimentSnapshot(new Experiment("none", Allocation.ALL_LIVE, Map.of()), Map.of());

  public ExperimentSnapshot {
    candidates = Map.copyOf(candidates);
  }
}
