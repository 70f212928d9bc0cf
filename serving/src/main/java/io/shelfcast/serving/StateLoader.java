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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up what operators have set. */
final class StateLoader implements StateWatch.Source {

  private static final Logger LOG = LoggerFactory.getLogger(StateLoader.class);

  /** For how long after a publication other servers may give tokens of the policy before it. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final Set<Integer> unreadable = new HashSet<>();
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
    List<ModelVersion> compared = new ArrayList<>();
    for (ModelVersion version : models.list()) {
      if (version.status() == ModelStatus.LIVE) {
        live = version;
      } else if (version.status() == ModelStatus.CANDIDATE) {
        candidates.put(version.name(), version);
        compared.add(version);
      } else if (version.status() == ModelStatus.SHADOW) {
        compared.add(version);
      }
    }
    Map<Integer, CompiledPolicy> compiled =
        compiled(policies.versionsInForceFor(tokenTtl.plus(MARGIN)), known);
    SegmentTables.Tables tables = segments.current();
    return new ServingState(
        live,
        candidates,
        compared,
        experiment(candidates),
        Collections.max(compiled.keySet()),
        compiled,
        tables.stores(),
        tables.products());
  }

  /**
   * What a policy says never changes, so each is read and compiled once. One that cannot be read,
   * as it was published by a newer version of this program, say, is left out: the one before it
   * stays in force, and answers say so.
   */
  private Map<Integer, CompiledPolicy> compiled(
      List<Integer> versions, @Nullable ServingState known) {
    Map<Integer, CompiledPolicy> compiled = new HashMap<>();
    for (int version : versions) {
      CompiledPolicy policy = known == null ? null : known.policies().get(version);
      if (policy == null && !unreadable.contains(version)) {
        policy = compile(version);
      }
      if (policy != null) {
        compiled.put(version, policy);
      }
    }
    return compiled;
  }

  private @Nullable CompiledPolicy compile(int version) {
    try {
      return policies.find(version).map(CompiledPolicy::of).orElse(null);
    } catch (IllegalArgumentException e) {
      LOG.error("policy {} cannot be read, and the one before it stays in force", version, e);
      unreadable.add(version);
      return null;
    }
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
