package io.shelfcast.serving.experiment;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import io.shelfcast.experiment.Experiment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The experiment of the serving database as an OpenFeature provider, of the one flag {@value
 * Experiment#FLAG}. The targeting key is the user's id, the other attributes those of the request.
 * The value, and the variant, is the name of a model version.
 *
 * <p>The reason is {@code SPLIT} for those who take part, also where the lot gave them the default,
 * so that they can be compared with those whom it did not; {@code DEFAULT} for all others. An
 * evaluation looks at nothing but what it is handed, and takes a fraction of a microsecond.
 */
public final class ExperimentProvider implements FeatureProvider {

  private static final Metadata METADATA = () -> "shelfcast-experiment";

  private final Supplier<ExperimentSnapshot> current;

  /**
   * A provider of an experiment.
   *
   * @param current asked at each evaluation, by many threads: it has to answer from memory
   */
  public ExperimentProvider(Supplier<ExperimentSnapshot> current) {
    this.current = current;
  }

  @Override
  public Metadata getMetadata() {
    return METADATA;
  }

  @Override
  public ProviderEvaluation<String> getStringEvaluation(
      String key, String defaultValue, EvaluationContext context) {
    if (!key.equals(Experiment.FLAG)) {
      return noSuchFlag(key, defaultValue);
    }
    ExperimentSnapshot snapshot = current.get();
    Experiment experiment = snapshot.experiment();
    @Nullable String userId = context.getTargetingKey();
    Map<String, String> attributes = attributes(context, experiment);
    @Nullable String candidate = snapshot.candidates().get(experiment.assign(userId, attributes));
    String value = candidate == null ? defaultValue : candidate;
    return ProviderEvaluation.<String>builder()
        .value(value)
        .variant(value)
        .reason((experiment.takesPart(userId, attributes) ? Reason.SPLIT : Reason.DEFAULT).name())
        .build();
  }

  /** Those that the experiment asks for; a request may have many more. */
  private static Map<String, String> attributes(EvaluationContext context, Experiment experiment) {
    if (experiment.segments().isEmpty()) {
      return Map.of();
    }
    Map<String, String> attributes = new HashMap<>();
    for (String name : experiment.segments().keySet()) {
      @Nullable Value value = context.getValue(name);
      if (value != null && !value.isNull()) {
        attributes.put(name, String.valueOf(value.asObject()));
      }
    }
    return attributes;
  }

  @Override
  public ProviderEvaluation<Boolean> getBooleanEvaluation(
      String key, Boolean defaultValue, EvaluationContext context) {
    return noText(key, defaultValue);
  }

  @Override
  public ProviderEvaluation<Integer> getIntegerEvaluation(
      String key, Integer defaultValue, EvaluationContext context) {
    return noText(key, defaultValue);
  }

  @Override
  public ProviderEvaluation<Double> getDoubleEvaluation(
      String key, Double defaultValue, EvaluationContext context) {
    return noText(key, defaultValue);
  }

  @Override
  public ProviderEvaluation<Value> getObjectEvaluation(
      String key, Value defaultValue, EvaluationContext context) {
    return noText(key, defaultValue);
  }

  private static <T> ProviderEvaluation<T> noText(String key, T defaultValue) {
    return key.equals(Experiment.FLAG)
        ? error(
            defaultValue,
            ErrorCode.TYPE_MISMATCH,
            "the flag '%s' is a text, the name of a model version".formatted(key))
        : noSuchFlag(key, defaultValue);
  }

  private static <T> ProviderEvaluation<T> noSuchFlag(String key, T defaultValue) {
    return error(
        defaultValue,
        ErrorCode.FLAG_NOT_FOUND,
        "there is no flag '%s', only '%s'".formatted(key, Experiment.FLAG));
  }

  private static <T> ProviderEvaluation<T> error(T defaultValue, ErrorCode code, String message) {
    return ProviderEvaluation.<T>builder()
        .value(defaultValue)
        .reason(Reason.ERROR.name())
        .errorCode(code)
        .errorMessage(message)
        .build();
  }
}
