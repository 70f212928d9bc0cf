package io.shelfcast.serving;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.openfeature.sdk.FeatureProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.Evaluation;
import io.shelfcast.serving.experiment.ExperimentFlags;
import io.shelfcast.store.FoundScores;
import io.shelfcast.store.ScoreReads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Bulk reads of scores and decisions. All items of a request are answered by one model version (the
 * user's, if an experiment assigns one, else the live one), one threshold policy and one state of
 * the database, and the answer names the first two. Items whose scores are stale or missing are
 * asked to be refreshed, and a share of the answers is compared with another model version's,
 * without making the reader wait.
 *
 * <p>Safe for any number of threads, of which as many as there are connections read at a time.
 * Needs {@link #close}.
 */
public final class AvailabilityReader implements AutoCloseable {

  /** How long a read may wait for what another server has seen already. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** Some 100 MB. */
  private static final long MAX_REMEMBERED_ITEMS = 1_000_000;

  private static final int MAX_QUEUED_ITEMS = 100_000;

  /** The source of refresh requests of reads that name no surface. */
  private static final String SOURCE = "serving";

  private final ScoreReads scores;
  private final StateWatch states;
  private final Choices choices;
  private final Freshness freshness;
  private final Duration tokenTtl;
  private final @Nullable RefreshRequests refreshes;
  private final @Nullable ShadowReads shadows;
  private final ServingMetrics metrics;
  private final Clock clock;

  private AvailabilityReader(
      ReaderSettings settings, ScoreReads scores, Choices choices, MeterRegistry registry) {
    this.scores = scores;
    this.choices = choices;
    this.freshness = settings.freshness();
    this.tokenTtl = settings.tokenTtl();
    this.metrics = new ServingMetrics(registry);
    this.clock = Clock.systemUTC();
    this.states =
        new StateWatch(
            new StateLoader(settings.database(), settings.tokenTtl()), settings.configRefresh());
    this.refreshes = refreshes(settings.refreshTopic(), metrics);
    this.shadows = settings.shadowShare() == 0 ? null : ShadowReads.open(settings, registry);
  }

  /**
   * A reader. It connects in the background: until it has, reads fail with {@link
   * NotReadyException}.
   *
   * @param registry what is measured goes there
   * @throws IllegalArgumentException when the experiment provider cannot be made
   */
  public static AvailabilityReader open(ReaderSettings settings, MeterRegistry registry) {
    // First what may fail, with nothing begun that would have to be ended.
    @Nullable FeatureProvider provider =
        settings.experimentProvider() == null
            ? null
            : ExperimentFlags.provider(settings.experimentProvider());
    ScoreReads scores = ScoreReads.open(settings.reads());
    Choices choices = new Choices(provider, registry);
    try {
      return new AvailabilityReader(settings, scores, choices, registry);
    } catch (RuntimeException e) {
      choices.close();
      scores.close();
      throw e;
    }
  }

  private static @Nullable RefreshRequests refreshes(
      @Nullable RefreshTopic topic, ServingMetrics metrics) {
    return topic == null
        ? null
        : new RefreshRequests(
            new KafkaRefreshChannel(topic.bootstrapServers(), topic.topic(), topic.settings()),
            topic.interval(),
            MAX_REMEMBERED_ITEMS,
            MAX_QUEUED_ITEMS,
            Ticker.systemTicker(),
            metrics);
  }

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
    Choices.Choice choice = choices.choose(state, request, token, asked);
    RequestPolicy judged = RequestPolicy.of(state, choice.policy(), request, asked);
    Evaluation thresholds = judged.thresholds(choice.model().name());

    long started = System.nanoTime();
    FoundScores found = request.find(scores, choice.model().id());
    metrics.query(System.nanoTime() - started);

    long now = Micros.of(clock.instant());
    ReadAnswer answer =
        new ReadAnswer(
            request,
            found,
            judged.decide(thresholds, found),
            choice.model().name(),
            choice.policy().version(),
            choice.token(),
            now,
            now - micros(freshness.maxAge(request.surface())));
    metrics.answer(answer, request.surface(), now - micros(freshness.objective()));
    if (refreshes != null) {
      refreshes.ask(answer, request.surface() == null ? SOURCE : request.surface(), now);
    }
    if (shadows != null) {
      shadows.offer(judged, answer);
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
    ModelVersion live = Choices.live(states.current());
    if (!scores.canRead(live.id())) {
      throw new NotReadyException(
          "the database that scores are read from has no place for those of "
              + live.name()
              + ": it lags behind, or is another one");
    }
  }

  /** How many items wait to be asked to be refreshed. */
  int queuedRefreshItems() {
    return refreshes == null ? 0 : refreshes.queuedItems();
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
    if (shadows != null) {
      shadows.close();
    }
    choices.close();
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

  private static long micros(Duration duration) {
    return Math.multiplyExact(duration.getSeconds(), 1_000_000L) + duration.getNano() / 1_000;
  }
}
