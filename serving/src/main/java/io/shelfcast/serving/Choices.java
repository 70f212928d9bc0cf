package io.shelfcast.serving;

import dev.openfeature.sdk.FeatureProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.serving.experiment.ExperimentFlags;
import io.shelfcast.serving.experiment.ExperimentProvider;
import io.shelfcast.serving.experiment.ExperimentSnapshot;
import io.shelfcast.serving.experiment.ModelAssignment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which model version and policy make an answer: what the request's token says, else what the
 * experiment assigns and what is in force. All of one state, which the caller took once.
 */
final class Choices implements AutoCloseable {

  /** How long to wait for an experiment provider to start. */
  private static final Duration PROVIDER_PATIENCE = Duration.ofSeconds(5);

  /** What makes an answer, and the token that makes another one like it. */
  record Choice(ModelVersion model, CompiledPolicy policy, String token) {}

  /** Of the request that this thread answers: a provider is asked on the thread that asks. */
  private final ThreadLocal<ExperimentSnapshot> experiment =
      ThreadLocal.withInitial(() -> ExperimentSnapshot.NONE);

  private final ExperimentFlags flags;
  private final ModelAssignment assignment;

  /**
   * Choices by a provider.
   *
   * @param other an OpenFeature provider; null: the experiment in the database
   */
  Choices(@Nullable FeatureProvider other, MeterRegistry registry) {
    this.flags =
        ExperimentFlags.open(
            other == null ? new ExperimentProvider(experiment::get) : other, PROVIDER_PATIENCE);
    this.assignment = new ModelAssignment(flags.client(), registry);
  }

  /**
   * Chooses.
   *
   * @param token the request's, if it is still of use
   * @throws NotReadyException when no model version is live
   */
  Choice choose(
      ServingState state, ReadRequest request, @Nullable ConsistencyToken token, Instant now) {
    if (token != null) {
      ModelVersion model = state.served(token.modelVersionId());
      CompiledPolicy policy = state.policies().get(token.policyVersion());
      // A model version may have been retired; then its user is assigned one anew.
      if (model != null && policy != null) {
        // The same token, so that it does expire.
        return new Choice(model, policy, token.text());
      }
    }
    ModelVersion model = assigned(state, request);
    CompiledPolicy policy = state.policy();
    return new Choice(
        model, policy, new ConsistencyToken(model.id(), policy.version(), now).text());
  }

  private ModelVersion assigned(ServingState state, ReadRequest request) {
    ModelVersion live = live(state);
    if (request.userId() == null || state.candidates().isEmpty()) {
      return live;
    }
    Map<String, String> attributes = request.attributes();
    if (request.surface() != null) {
      attributes = new HashMap<>(attributes);
      attributes.put(SegmentAttribute.SURFACE.word(), request.surface());
    }
    experiment.set(state.experiment());
    String name =
        assignment.assign(request.userId(), attributes, live.name(), state.candidates().keySet());
    ModelVersion candidate = state.candidates().get(name);
    return candidate == null ? live : candidate;
  }

  /**
   * The live version.
   *
   * @throws NotReadyException when there is none
   */
  static ModelVersion live(ServingState state) {
    if (state.live() == null) {
      throw new NotReadyException(
          "no model version is live; run ./shelfcast models promote NAME, which takes a moment to"
              + " be seen");
    }
    return state.live();
  }

  @Override
  public void close() {
    flags.close();
  }
}
