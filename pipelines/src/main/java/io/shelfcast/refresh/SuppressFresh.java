package io.shelfcast.refresh;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ScoreTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Duration;

/**
 * Leaves items out whose score in the database was made after they were shown, or so shortly before
 * that it is not worth another one: somebody else, a full sync, another request, has refreshed it.
 * One read for all items.
 */
final class SuppressFresh extends DoFn<ItemsToScore, ItemsToScore> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final long intervalMicros;
  private final RefreshMetrics metrics = new RefreshMetrics();

  SuppressFresh(DatabaseConfig database, Duration interval) {
    this.database = database;
    this.intervalMicros = interval.getMillis() * 1000;
  }

  @ProcessElement
  public void suppress(@Element ItemsToScore items, OutputReceiver<ItemsToScore> out) {
    Optional<ModelVersion> version = RefreshedVersions.shared(database).find(items.modelVersion());
    if (version.isEmpty()) {
      // It passed a moment ago; what has become of it is for the step that tags scores to say.
      out.output(items);
      return;
    }
    long[] scoredAt =
        new ScoreTimes(Database.shared(database))
            .of(version.get().id(), items.storeIds(), items.productIds());
    List<ReceivedRequest> left = new ArrayList<>(items.requests().size());
    int first = 0;
    for (ReceivedRequest received : items.requests()) {
      RefreshRequest request = received.request();
      long[] stale = stale(request, scoredAt, first);
      if (stale.length == request.size()) {
        left.add(received);
      } else if (stale.length > 0) {
        left.add(received.with(request.withProducts(stale)));
      }
      metrics.suppressedFresh.inc(request.size() - stale.length);
      first += request.size();
    }
    if (!left.isEmpty()) {
      out.output(new ItemsToScore(items.modelVersion(), left));
    }
  }

  private long[] stale(RefreshRequest request, long[] scoredAt, int first) {
    long freshAfter = request.requestedAtMicros() - intervalMicros;
    long[] stale = new long[request.size()];
    int n = 0;
    for (int i = 0; i < request.size(); i++) {
      if (scoredAt[first + i] <= freshAfter) {
        stale[n++] = request.productId(i);
      }
    }
    return Arrays.copyOf(stale, n);
  }
}
