package io.shelfcast.refresh;

import io.shelfcast.domain.TaggedScores;
import io.shelfcast.scoring.ScoringResult;
import io.shelfcast.transforms.CommitListener;
import io.shelfcast.transforms.Counters;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * What the refresh counts, beside {@link Counters}. Under retries it may count again what is done
 * again.
 */
final class RefreshMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String REQUESTS_READ = "requests_read";
  static final String ITEMS_REQUESTED = "items_requested";
  static final String SUPPRESSED_REPEATED = "items_suppressed_repeated";
  static final String SUPPRESSED_FRESH = "items_suppressed_fresh";
  static final String ITEMS_SCORED = "items_scored";
  static final String SCORING_CALLS = "scoring_calls";
  static final String SCORING_RETRIES = "scoring_retries";
  static final String BREAKER_OPENINGS = "scoring_breaker_openings";
  static final String OPEN_BREAKERS = "scoring_breakers_open";
  static final String REMEMBERED = "suppression_entries_added";
  static final String FORGOTTEN = "suppression_entries_expired";

  /** Of requests, by the items that each asks for. */
  final Counter requestsRead = counter(REQUESTS_READ);

  final Counter itemsRequested = counter(ITEMS_REQUESTED);

  /** Of items and model versions: asked for again within the interval. */
  final Counter suppressedRepeated = counter(SUPPRESSED_REPEATED);

  /** Of items and model versions: the database has a score that is new enough. */
  final Counter suppressedFresh = counter(SUPPRESSED_FRESH);

  /** How many entries the memory of what was asked for has: added less expired. */
  final Counter remembered = counter(REMEMBERED);

  final Counter forgotten = counter(FORGOTTEN);

  private final Counter itemsScored = counter(ITEMS_SCORED);
  private final Counter calls = counter(SCORING_CALLS);
  private final Counter retries = counter(SCORING_RETRIES);
  private final Counter breakerOpenings = counter(BREAKER_OPENINGS);
  private final Gauge openBreakers = Metrics.gauge(Counters.NAMESPACE, OPEN_BREAKERS);

  private static Counter counter(String name) {
    return Metrics.counter(Counters.NAMESPACE, name);
  }

  void answered(ScoringResult result, int scored, int breakersOpen) {
    itemsScored.inc(scored);
    calls.inc(result.calls());
    retries.inc(result.retries());
    breakerOpenings.inc(result.breakerOpenings());
    openBreakers.set(breakersOpen);
  }

  /** Calls are waited for. */
  void waiting(int breakersOpen) {
    openBreakers.set(breakersOpen);
  }

  /** From when an item was shown until its score was committed. */
  static final class Lag implements CommitListener {
    private static final long serialVersionUID = 1L;

    private final Distribution lag =
        Metrics.distribution(Counters.NAMESPACE, RefreshLag.DISTRIBUTION);

    // Beam's distributions know no percentiles, so there is a counter for each range as well.
    private final Counter[] ranges = new Counter[RefreshLag.RANGES];

    Lag() {
      for (int range = 0; range < ranges.length; range++) {
        ranges[range] = counter(RefreshLag.counterName(range));
      }
    }

    @Override
    public void committed(TaggedScores batch, long committedAtMicros) {
      int[] counts = new int[RefreshLag.RANGES];
      for (int row = 0; row < batch.scores().size(); row++) {
        // Clocks differ, so a request may seem to be of the future.
        long millis =
            Math.max(0, (committedAtMicros - batch.scores().requestedAtMicros(row)) / 1000);
        lag.update(millis);
        counts[RefreshLag.rangeOf(millis)]++;
      }
      for (int range = 0; range < counts.length; range++) {
        if (counts[range] > 0) {
          ranges[range].inc(counts[range]);
        }
      }
    }
  }
}
