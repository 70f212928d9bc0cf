package io.shelfcast.serving;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.serving.experiment.ExperimentSnapshot;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ExperimentStore;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.SegmentStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up what operators have set. */
final class StateLoader implements StateWatch.Source {

  private final Database database;
  private final ModelRegistry models;
  private final ExperimentStore experiments;
  private final PolicyStore policies;
  private final SegmentTables segments;
  private final Duration tokenTtl;

  /**
   * A loader.
   *
   * @param tokenTtl for how long tokens name policies that are not in force any more
   */
  StateLoader(DatabaseConfig config, Duration tokenTtl) {
    this.database = Database.impatient(withTwoConnections(config));
    this.models = new ModelRegistry(database);
    this.experiments = new ExperimentStore(database);
    this.policies = new PolicyStore(database);
    this.segments = new SegmentTables(new SegmentStore(database));
    this.tokenTtl = tokenTtl;
  }

  /** One for looking, and one for a load of segments, which takes its time. */
  private static DatabaseConfig withTwoConnections(DatabaseConfig config) {
    return new DatabaseConfig(
        config.jdbcUrl(), config.user(), config.password(), 2, config.statementTimeout());
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
    List<Integer> versions = policies.versionsInForceFor(tokenTtl);
    SegmentTables.Tables tables = segments.current();
    return new ServingState(
        live,
        candidates,
        experiment(candidates),
        versions.get(versions.size() - 1),
        compiled(versions, known),
        tables.stores(),
        tables.products());
  }

  /** What a policy says never changes, so each is read and compiled once. */
  private Map<Integer, CompiledPolicy> compiled(
      List<Integer> versions, @Nullable ServingState known) {
    Map<Integer, CompiledPolicy> compiled = new HashMap<>();
    for (int version : versions) {
      CompiledPolicy policy = known == null ? null : known.policies().get(version);
      compiled.put(
          version,
          policy != null
              ? policy
              : CompiledPolicy.of(
                  policies
                      .find(version)
                      .orElseThrow(
                          () -> new IllegalStateException("policy " + version + " is gone"))));
    }
    return compiled;
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

  @Override
  public void close() {
    segments.close();
    database.close();
  }
}
