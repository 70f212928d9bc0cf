package io.shelfcast.scoring;

import dev.failsafe.ExecutionContext;
import dev.failsafe.RetryPolicy;
import io.shelfcast.domain.ModelVersion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The scoring API as this JVM asks it: the Open Inference Protocol, version 2, over HTTP.
 *
 * <p>One client per JVM and configuration, however many threads and steps use it, so that the calls
 * in flight of a job are workers × {@link ScoringConfig#maxInFlight()} at the most, and the calls a
 * second likewise; retries and all model versions are counted in.
 *
 * <p>Tried again is what may pass: 408, 429, 5xx, a connection that breaks, an answer that does not
 * come in time. A try waits as long as {@code Retry-After} asks, but not beyond {@link
 * ScoringConfig#maxRetryTime()}, when the last one is made. While a model version's {@link
 * ModelBreaker} is open, its calls wait, which spends time but no retries. 429 slows the call that
 * gets it, and opens no breaker. After 401 the token is looked up anew, once. What becomes of a
 * call is known after maxRetryTime + callTimeout at the latest, from when it was submitted; one
 * whose time is up before a thread is free for it is still tried once, unless the breaker is open.
 */
public final class ScoringApi {

  private static final Map<ScoringConfig, ScoringApi> SHARED = new ConcurrentHashMap<>();

  private final ScoringConfig config;
  private final Pauses pauses;
  private final RandomGenerator random;
  private final InferenceEndpoint endpoint;
  private final @Nullable BearerToken token;
  private final Pace pace;
  private final RetryPolicy<Outcome> retries;
  private final Map<String, ModelCalls> models = new ConcurrentHashMap<>();

  ScoringApi(ScoringConfig config, Pauses pauses, InstantSource clock, RandomGenerator random) {
    this.config = config;
    this.pauses = pauses;
    this.random = random;
    this.endpoint = new InferenceEndpoint(config, clock);
    this.token = config.token() == null ? null : new BearerToken(config.token(), clock);
    this.pace = new Pace(config.maxInFlight(), config.maxCallsPerSecond());
    this.retries =
        RetryPolicy.<Outcome>builder()
            .handleResultIf(outcome -> outcome instanceof Outcome.Again)
            // What is thrown is an interruption, or an error of ours.
            .abortOn(Throwable.class)
            .withMaxRetries(config.maxRetries())
            .withMaxDuration(config.maxRetryTime())
            .withDelayFn(this::pause)
            .build();
  }

  /** The scoring API of these settings; the same one for everybody in this JVM. */
  public static ScoringApi shared(ScoringConfig config) {
    return SHARED.computeIfAbsent(
        config, c -> new ScoringApi(c, Pauses.DEFAULT, InstantSource.system(), new Random()));
  }

  /** As {@link #openBreakers}, of all clients of this JVM. */
  public static int openBreakersOfAll() {
    return SHARED.values().stream().mapToInt(ScoringApi::openBreakers).sum();
  }

  /**
   * Asks for the scores of items, on another thread, of which each model version has as many as
   * calls may be in flight; the rest waits its turn, so bound what is submitted. A failure is a
   * result: the future throws only when the call is cancelled, or the client closed.
   *
   * @param storeIds the stores of the items; not to be changed until the result is there
   * @param productIds their products, one for each store
   */
  public Future<ScoringResult> submit(String modelVersion, long[] storeIds, long[] productIds) {
    if (!ModelVersion.isValidName(modelVersion)) {
      throw new IllegalArgumentException("'" + modelVersion + "' can name no model version");
    }
    if (storeIds.length == 0 || storeIds.length != productIds.length) {
      throw new IllegalArgumentException(
          "there are %d store ids and %d product ids; there have to be as many, and at least one"
              .formatted(storeIds.length, productIds.length));
    }
    return models.computeIfAbsent(modelVersion, this::calls).submit(storeIds, productIds);
  }

  /**
   * Of how many model versions the circuit breaker is not closed now: their calls are held back.
   */
  public int openBreakers() {
    int open = 0;
    for (ModelCalls model : models.values()) {
      if (model.isHeldBack()) {
        open++;
      }
    }
    return open;
  }

  void close() {
    models.values().forEach(ModelCalls::close);
  }

  private ModelCalls calls(String modelVersion) {
    ModelBreaker breaker = new ModelBreaker(modelVersion, pauses.openBreaker());
    return new ModelCalls(modelVersion, config, endpoint, token, pace, retries, breaker);
  }

  private Duration pause(ExecutionContext<Outcome> failed) {
    Duration pause = pauses.beforeRetry(failed.getAttemptCount(), random);
    return failed.getLastResult() instanceof Outcome.Again again
            && again.retryAfter().compareTo(pause) > 0
        ? again.retryAfter()
        : pause;
  }
}
