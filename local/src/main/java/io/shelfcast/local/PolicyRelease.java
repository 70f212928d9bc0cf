package io.shelfcast.local;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.PolicyCoverage;
import io.shelfcast.policy.PolicyEffect;
import io.shelfcast.policy.PolicyEffect.Line;
import io.shelfcast.policy.PolicyEffect.Shares;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.store.Database;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyEffects;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One policy on its way into force: checked, counted against the one that is, asked about. */
final class PolicyRelease {

  private final Database database;
  private final PolicyStore policies;
  private final PrintWriter err;

  PolicyRelease(Database database, PrintWriter err) {
    this.database = database;
    this.policies = new PolicyStore(database);
    this.err = err;
  }

  /**
   * What the user said of it.
   *
   * @param maxFlip the share of the served items that it may change
   * @param effectTimeout zero: it is not counted
   * @param isForced whether it may change more, or what is not known
   * @param rollbackTo null: the rules are new
   */
  record Terms(
      double maxFlip,
      Duration effectTimeout,
      boolean isForced,
      @Nullable String author,
      @Nullable String reason,
      @Nullable Integer rollbackTo) {}

  /**
   * Tells whether the rules might be published, and what they would change.
   *
   * @return the exit code
   * @throws IllegalArgumentException when they leave items of a served version without thresholds
   */
  int validate(List<ThresholdRule> rules, EffectArguments limits) {
    check(rules);
    if (!limits.isCounted()) {
      return 0;
    }
    PolicyEffect effect = effect(policies.inForce(), rules, limits.effectTimeout());
    return isRefused(effect, limits.maxFlip(), false) ? Main.REFUSED : 0;
  }

  /**
   * Publishes the rules, if nothing is against it.
   *
   * @return the exit code
   */
  int publish(List<ThresholdRule> rules, Terms terms, Confirmation confirmation, PrintWriter out)
      throws IOException {
    check(rules);
    ThresholdPolicy inForce = policies.inForce();
    @Nullable PolicyEffect effect =
        terms.effectTimeout().isZero() ? null : effect(inForce, rules, terms.effectTimeout());
    if (effect != null && isRefused(effect, terms.maxFlip(), terms.isForced())) {
      return Main.REFUSED;
    }
    if (!confirmation.given("publish as policy %d?".formatted(inForce.version() + 1))) {
      err.println("nothing was published");
      return Main.FAILED;
    }
    ThresholdPolicy policy =
        policies.publish(
            new Publication(
                rules,
                inForce.version(),
                terms.author(),
                terms.reason(),
                terms.rollbackTo(),
                effect == null ? null : effect.flips()));
    err.printf("policy %d is in force, %d rules%n", policy.version(), policy.rules().size());
    out.println(
        JsonLine.of(
            json -> {
              json.writeNumberField("policy_version", policy.version());
              json.writeNumberField("rules", policy.rules().size());
              if (effect != null) {
                write(effect, json);
              }
            }));
    out.flush();
    return 0;
  }

  private void check(List<ThresholdRule> rules) {
    List<ModelVersion> versions = new ModelRegistry(database).list();
    PolicyCoverage.check(rules, versions);
    Set<String> registered = versions.stream().map(ModelVersion::name).collect(Collectors.toSet());
    rules.stream()
        .filter(rule -> rule.modelVersion() != null && !registered.contains(rule.modelVersion()))
        .forEach(
            rule ->
                err.printf(
                    "note: rule '%s' is for model version %s, which is not registered%n",
                    rule.name(), rule.modelVersion()));
    err.flush();
  }

  private PolicyEffect effect(
      ThresholdPolicy inForce, List<ThresholdRule> rules, Duration timeout) {
    // First, since it may take minutes.
    err.printf("what it changes, against policy %d:%n", inForce.version());
    err.flush();
    PolicyEffect effect =
        new PolicyEffects(database)
            .between(inForce, new ThresholdPolicy(inForce.version() + 1, rules), timeout);
    new EffectTable(err).print(effect);
    return effect;
  }

  private boolean isRefused(PolicyEffect effect, double maxFlip, boolean isForced) {
    if (effect.flips() <= maxFlip) {
      return false;
    }
    String limit =
        "that is more than --maxFlip=%s, %s".formatted(maxFlip, EffectTable.percent(maxFlip));
    err.println(
        isForced
            ? limit + "; it is forced"
            : limit + ": refused; look at it, and write a higher --maxFlip, or --force");
    err.flush();
    return !isForced;
  }

  private static void write(PolicyEffect effect, JsonGenerator json) throws IOException {
    json.writeNumberField("flips", rounded(effect.flips()));
    json.writeArrayFieldStart("model_versions");
    for (Line line : effect.versions()) {
      json.writeStartObject();
      json.writeStringField("model_version", line.modelVersion());
      json.writeStringField("status", line.status().word());
      if (line.surface() != null) {
        json.writeStringField("surface", line.surface());
      }
      json.writeNumberField("items", line.items());
      write("now", line.now(), json);
      write("after", line.after(), json);
      json.writeNumberField("flips", rounded(line.flips()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(String name, Shares shares, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("in_stock", rounded(shares.inStock()));
    json.writeNumberField("low", rounded(shares.low()));
    json.writeNumberField("out", rounded(shares.out()));
    json.writeEndObject();
  }

  /** To the millionth. */
  private static double rounded(double share) {
    return Math.round(share * 1e6) / 1e6;
  }
}
