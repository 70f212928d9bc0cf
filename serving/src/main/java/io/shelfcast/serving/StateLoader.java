package io.shelfcast.serving;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.serving.experiment.ExperimentSnapshot;
import io.shelfcast.store.Database;
import io.shelfcast.store.ExperimentStore;
import io.shelfcast.store.ModelRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up what operators have set. */
final class StateLoader implements StateWatch.Source {

  private final ModelRegistry models;
  private final ExperimentStore experiments;

  StateLoader(Database database) {
    this.models = new ModelRegistry(database);
    this.experiments = new ExperimentStore(database);
  }

  @Override
  public ServingState load(@Nullable ServingState known) {
    @Nullable ModelVersion live = null;
    Map<String, ModelVersion> candidates = new HashMap<>();
    for (ModelVersion version : models.list()) {
      if (version.status() == ModelStatus.LIVE) {
        live = version;
      } else if (version.status() == ModelStatus.CANDIDATE) {
        candidates.put(version.name(), version);
      }
    }
    return new ServingState(
        live,
        candidates,
        experiment(candidates),
        0,
        Map.of(0, CompiledPolicy.of(ThresholdPolicy.BUILT_IN)),
        new SegmentTable.Builder<>(StoreAttributes.UNKNOWN).build(),
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN).build());
  }

  private ExperimentSnapshot experiment(Map<String, ModelVersion> candidates) {
    Optional<Experiment> experiment = experiments.find();
    if (experiment.isEmpty()) {
      return ExperimentSnapshot.NONE;
    }
    Map<Short, String> names = new HashMap<>();
    candidates.values().forEach(candidate -> names.put(candidate.id(), candidate.name()));
    return new ExperimentSnapshot(experiment.get(), names);
  }
}
