package io.shelfcast.serving;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.openfeature.sdk.FeatureProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.Decision;
import io.shelfcast.policy.Evaluation;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.serving.experiment.ExperimentFlags;
import io.shelfcast.serving.experiment.ExperimentProvider;
import io.shelfcast.serving.experiment.ModelAssignment;
import io.shelfcast.store.FoundScores;
import io.shelfcast.store.ScoreReads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bulk reads of scores and decisions. All items of a request are answered by one model version (the
 * user's, if an experiment assigns one, else the live one), one threshold policy and one state of
 * the database, and the answer names the first two. Items whose scores are stale or missing are
 * asked to be refreshed, without making the reader wait.
 *
 * <p>Safe for any number of threads, of which as many as there are connections read at a time.
 * Needs {@link #close}.
 */
public final class AvailabilityReader implements AutoCloseable {

  /** How long a read may wait for what another server has seen already. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** How long to wait for an experiment provider to start. */
  private static final Duration PROVIDER_PATIENCE = Duration.ofSeconds(5);

  /** Some 100 MB. */
  private static final long MAX_REMEMBERED_ITEMS = 1_000_000;

  private static final int MAX_QUEUED_ITEMS = 100_000;

  /** The source of refresh requests of reads that name no surface. */
  private static final String SOURCE = "serving";

  private final ScoreReads scores;
  private final StateWatch states;
  private final ExperimentFlags flags;
  private final ModelAssignment assignment;
  private final Freshness freshness;
  private final Duration tokenTtl;
  private final @Nullable RefreshRequests refreshes;
  private final ServingMetrics metrics;
  private final Clock clock;

  /**
   * A reader over its parts, which are closed with it.
   *
   * @param refreshes null: stale scores are not asked to be refreshed
   */
  AvailabilityReader(
      ScoreReads scores,
      StateWatch states,
      ExperimentFlags flags,
      ModelAssignment assignment,
      Freshness freshness,
      Duration tokenTtl,
      @Nullable RefreshRequests refreshes,
      ServingMetrics metrics,
      Clock clock) {
    this.scores = scores;
    this.states = states;
    this.flags = flags;
    this.assignment = assignment;
    this.freshness = freshness;
    this.tokenTtl = tokenTtl;
    this.refreshes = refreshes;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * A reader. It connects in the background: until it has, reads fail with {@link
   * NotReadyException}.
   *
   * @param registry what is measured goes there
   * @throws IllegalArgumentException when the experiment provider cannot be made
   */
  public static AvailabilityReader open(ReaderSettings settings, MeterRegistry registry) {
    ServingMetrics metrics = new ServingMetrics(registry);
    StateWatch states =
        new StateWatch(
            new StateLoader(settings.database(), settings.tokenTtl()),
            settings.configRefresh());
    ExperimentFlags flags = ExperimentFlags.open(provider(settings, states), PROVIDER_PATIENCE);
    @Nullable RefreshTopic topic = settings.refreshTopic();
    @Nullable RefreshRequests refreshes =
        topic == null
            ? null
            : new RefreshRequests(
                new KafkaRefreshChannel(topic.bootstrapServers(), topic.topic(), topic.settings()),
                topic.interval(),
                MAX_REMEMBERED_ITEMS,
                MAX_QUEUED_ITEMS,
                Ticker.systemTicker(),
                metrics);
    return new AvailabilityReader(
        ScoreReads.open(settings.reads()),
        states,
        flags,
        new ModelAssignment(flags.client(), registry),
        settings.freshness(),
        settings.tokenTtl(),
        refreshes,
        metrics,
        Clock.systemUTC());
  }

  private static FeatureProvider provider(ReaderSettings settings, StateWatch states) {
    return settings.experimentProvider() == null
        ? new ExperimentProvider(() -> states.current().experiment())
        : ExperimentFlags.provider(settings.experimentProvider());
  }

  /** Which model version and policy make an answer. */
  private record Choice(ModelVersion model, CompiledPolicy policy, String token) {}

  /**
   * Answers a request.
   *
   * @throws InvalidRequestException when the request is wrong, saying what to change
   * @throws NotReadyException when no model version is live, or nothing is known yet
   * @throws io.shelfcast.store.DatabaseAwayException when the database cannot be reached, or did
   *     not answer in time
   * @throws io.shelfcast.store.DatabaseException on any other error of the database
   */
  public ReadAnswer read(ReadRequest request) {
    freshness.checkSurface(request.surface());
    Instant asked = clock.instant();
    @Nullable ConsistencyToken token = token(request, asked);
    ServingState state =
        token == null
            ? states.current()
            : states.currentWith(known -> knows(known, token), PATIENCE);
    Choice choice = choose(state, request, token, asked);
    Evaluation thresholds = evaluation(choice, request, asked);

    long started = System.nanoTime();
    FoundScores found = find(choice.model().id(), request);
    metrics.query(System.nanoTime() - started);

    long now = Micros.of(clock.instant());
    ReadAnswer answer =
        new ReadAnswer(
            request,
            found,
            decide(state, choice.policy(), thresholds, request, found),
            choice.model().name(),
            choice.policy().version(),
            choice.token(),
            now,
            now - micros(freshness.maxAge(request.surface())));
    metrics.answer(answer, request.surface(), now - micros(freshness.objective()));
    if (refreshes != null) {
      refreshes.ask(answer, request.surface() == null ? SOURCE : request.surface(), now);
    }
    return answer;
  }

  /**
   * Whether reads can be answered now.
   *
   * @throws NotReadyException when no model version is live, or nothing is known yet
   * @throws io.shelfcast.store.DatabaseAwayException when the database cannot be reached
   */
  public void check() {
    live(states.current());
    scores.check();
  }

  /** For how long what operators set could not be looked up, in seconds. */
  double configAgeSeconds() {
    return states.ageSeconds();
  }

  @Override
  public void close() {
    states.close();
    if (refreshes != null) {
      refreshes.close();
    }
    flags.close();
    scores.close();
  }

  /** The request's token; null: it has none that is still of use. */
  private @Nullable ConsistencyToken token(ReadRequest request, Instant now) {
    String text = request.consistencyToken();
    if (text == null) {
      return null;
    }
    ConsistencyToken token = ConsistencyToken.parse(text, now);
    return token.isExpired(now, tokenTtl) ? null : token;
  }

  private static boolean knows(ServingState state, ConsistencyToken token) {
    return state.served(token.modelVersionId()) != null
        && state.policies().containsKey(token.policyVersion());
  }

  /**
   * What the token says, if that may still answer: a model version may have been retired, and then
   * its user is assigned one anew.
   */
  private Choice choose(
      ServingState state, ReadRequest request, @Nullable ConsistencyToken token, Instant now) {
    if (token != null) {
      ModelVersion model = state.served(token.modelVersionId());
      CompiledPolicy policy = state.policies().get(token.policyVersion());
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
    String name =
        assignment.assign(request.userId(), attributes, live.name(), state.candidates().keySet());
    ModelVersion candidate = state.candidates().get(name);
    return candidate == null ? live : candidate;
  }

  private static ModelVersion live(ServingState state) {
    if (state.live() == null) {
      throw new NotReadyException(
          "no model version is live; run ./shelfcast models promote NAME, which takes a moment to"
              + " be seen");
    }
    return state.live();
  }

  private static Evaluation evaluation(Choice choice, ReadRequest request, Instant now) {
    Map<SegmentAttribute, String> given = new EnumMap<>(SegmentAttribute.class);
    if (request.surface() != null) {
      given.put(SegmentAttribute.SURFACE, request.surface());
    }
    for (Map.Entry<String, String> attribute : request.attributes().entrySet()) {
      SegmentAttribute.ofWord(attribute.getKey())
          .ifPresent(known -> given.put(known, attribute.getValue()));
    }
    try {
      return choice.policy().forRequest(choice.model().name(), given, now);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("/attributes", String.valueOf(e.getMessage()));
    }
  }

  private FoundScores find(short modelVersionId, ReadRequest request) {
    return request.isOfOneStore()
        ? scores.ofStore(modelVersionId, request.storeIds()[0], request.productIds())
        : scores.ofItems(modelVersionId, request.storeIds(), request.productIds());
  }

  private static Decision[] decide(
      ServingState state,
      CompiledPolicy policy,
      Evaluation thresholds,
      ReadRequest request,
      FoundScores found) {
    boolean usesStores = policy.usesStores();
    boolean usesProducts = policy.usesProducts();
    Decision[] decisions = new Decision[request.size()];
    for (int i = 0; i < decisions.length; i++) {
      if (!found.isFound(i)) {
        decisions[i] = Decision.UNKNOWN;
        continue;
      }
      long storeId = request.storeId(i);
      decisions[i] =
          thresholds
              .thresholds(
                  storeId,
                  usesStores ? state.stores().get(storeId) : StoreAttributes.UNKNOWN,
                  usesProducts
                      ? state.products().get(request.productId(i))
                      : ProductAttributes.UNKNOWN)
              .decide(found.score(i));
    }
    return decisions;
  }

  private static long micros(Duration duration) {
    return Math.multiplyExact(duration.getSeconds(), 1_000_000L) + duration.getNano() / 1_000;
  }
}
