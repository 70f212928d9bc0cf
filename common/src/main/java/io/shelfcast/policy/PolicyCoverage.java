package io.shelfcast.policy;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the rules of a policy say something about each item of each model version that is served.
 * Where they do not, {@link Thresholds#DEFAULT} would decide, which nobody has chosen for that
 * model's scores.
 */
public final class PolicyCoverage {

  private PolicyCoverage() {}

  /** Whether users get scores of the version, always or in an experiment. */
  public static boolean isServed(ModelVersion version) {
    return version.status() == ModelStatus.LIVE || version.status() == ModelStatus.CANDIDATE;
  }

  /**
   * Refuses rules that leave items of a served version without thresholds of their own.
   *
   * @param registered all model versions
   * @throws InvalidPolicyException naming the versions, and the rule to add
   */
  public static void check(List<ThresholdRule> rules, List<ModelVersion> registered) {
    List<ModelVersion> uncovered =
        registered.stream()
            .filter(PolicyCoverage::isServed)
            .filter(version -> rules.stream().noneMatch(rule -> coversAllOf(rule, version.name())))
            .toList();
    if (!uncovered.isEmpty()) {
      throw new InvalidPolicyException(
          ("no rule sets thresholds for every item of %s; add a rule for all model versions, such as"
                  + " '- {name: everywhere, low: 0.7, out: 0.3}', or one for this version, with"
                  + " model_version: %s and without when")
              .formatted(
                  uncovered.stream()
                      .map(version -> version.name() + ", which is " + version.status().word())
                      .collect(Collectors.joining(", nor of ")),
                  uncovered.get(0).name()));
    }
  }

  private static boolean coversAllOf(ThresholdRule rule, String modelVersion) {
    return rule.change() instanceof Thresholds
        && rule.segment().isEmpty()
        && (rule.modelVersion() == null || rule.modelVersion().equals(modelVersion));
  }
}
