package io.shelfcast.serving.experiment;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Value;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfcast.experiment.Experiment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model version answers a request. Never fails: whatever goes wrong with the flag, the live
 * version answers, and it is counted.
 */
public final class ModelAssignment {

  private static final Logger LOG = LoggerFactory.getLogger(ModelAssignment.class);

  /** A provider may make up as many names as it likes; the log is not to follow it. */
  private static final int MOST_TOLD = 100;

  private final Client client;
  private final Counter failed;
  private final Counter notServed;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  public ModelAssignment(Client client, MeterRegistry meters) {
    this.client = client;
    this.failed = counter(meters, "error");
    this.notServed = counter(meters, "not_served");
  }

  private static Counter counter(MeterRegistry meters, String reason) {
    return Counter.builder("shelfcast.assignment.fallbacks")
        .description("Requests that got the live model version since their assignment was no good")
        .tag("reason", reason)
        .register(meters);
  }

  /**
   * The model version for a request. A reader that is no known user gets the live one, without the
   * provider being asked.
   *
   * @param userId whose request it is, if that is known
   * @param attributes what else is known of the request
   * @param live the name of the live version
   * @param candidates the names of all candidates: no other one is served, whatever the flag says
   */
  public String assign(
      @Nullable String userId,
      Map<String, String> attributes,
      String live,
      Set<String> candidates) {
    if (userId == null || userId.isBlank()) {
      return live;
    }
    FlagEvaluationDetails<String> answer;
    try {
      answer = client.getStringDetails(Experiment.FLAG, live, context(userId, attributes));
    } catch (RuntimeException | LinkageError e) {
      // The SDK answers for a provider's exceptions, though not for its errors.
      return fallBack(failed, live, "the experiment's flag cannot be evaluated: " + e);
    }
    if (answer.getErrorCode() != null) {
      return fallBack(
          failed,
          live,
          "the experiment's flag cannot be evaluated: %s, %s"
              .formatted(answer.getErrorCode(), answer.getErrorMessage()));
    }
    @Nullable String name = answer.getValue();
    if (name == null || !(name.equals(live) || candidates.contains(name))) {
      return fallBack(
          notServed,
          live,
          "the experiment's flag says '%s', which is neither live nor a candidate".formatted(name));
    }
    return name;
  }

  private static ImmutableContext context(String userId, Map<String, String> attributes) {
    Map<String, Value> values = new HashMap<>();
    attributes.forEach((name, value) -> values.put(name, new Value(value)));
    return new ImmutableContext(userId, values);
  }

  private String fallBack(Counter counter, String live, String why) {
    counter.increment();
    if (told.size() < MOST_TOLD && told.add(why)) {
      LOG.warn("{}; such users get the live model version", why);
    }
    return live;
  }
}
