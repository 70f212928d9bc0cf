package io.shelfcast.serving;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.serving.experiment.ExperimentSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators have set, as of one moment: an answer is made by one of these. Immutable.
 *
 * @param live the model version that is live, if one is
 * @param candidates the model versions that answer users of an experiment, by name
 * @param compared the model versions, shadow or candidate, that answers of the live one are
 *     compared with
 * @param experiment which user gets which candidate
 * @param latestPolicy the number of the policy in force; 0: none was published
 * @param policies those that tokens may still name, and the one in force, by number
 * @param stores what is known of stores
 * @param products what is known of products
 */
record ServingState(
    @Nullable ModelVersion live,
    Map<String, ModelVersion> candidates,
    List<ModelVersion> compared,
    ExperimentSnapshot experiment,
    int latestPolicy,
    Map<Integer, CompiledPolicy> policies,
    SegmentTable<StoreAttributes> stores,
    SegmentTable<ProductAttributes> products) {

  ServingState {
    candidates = Map.copyOf(candidates);
    compared = List.copyOf(compared);
    policies = Map.copyOf(policies);
  }

  /** The model version of that number, if it may answer; null: it may not. */
  @Nullable ModelVersion served(short id) {
    if (live != null && live.id() == id) {
      return live;
    }
    for (ModelVersion candidate : candidates.values()) {
      if (candidate.id() == id) {
        return candidate;
      }
    }
    return null;
  }

  /** The policy in force. */
  CompiledPolicy policy() {
    CompiledPolicy policy = policies.get(latestPolicy);
    if (policy == null) {
      throw new IllegalStateException("policy " + latestPolicy + " is in force and not here");
    }
    return policy;
  }
}
