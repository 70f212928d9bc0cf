package io.shelfcast.local;

import io.shelfcast.local.demo.Dashboard;
import io.shelfcast.local.demo.ReadFigures;
import io.shelfcast.local.demo.RefreshFigures;
import io.shelfcast.local.demo.Searches;
import io.shelfcast.run.FailureMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Looks at a demo each second, and shows what it sees. */
final class DemoWatch {

  /** What is shown is of so many seconds: of one, a p99 would be the slowest read. */
  private static final int SECONDS = 5;

  private final Searches searches;
  private final Future<LocalRefresh> refresh;
  private final Dashboard dashboard;
  private final long startedAt = System.nanoTime();
  private final Deque<Second> last = new ArrayDeque<>();
  private ReadFigures all = ReadFigures.none();
  private double firstStaleShare = -1;

  /** One second's reads, and the refresh's counters at its beginning. */
  private record Second(ReadFigures reads, Map<String, Long> countersBefore) {
    Second {
      countersBefore = Map.copyOf(countersBefore);
    }
  }

  private Map<String, Long> counters = Map.of();

  DemoWatch(Searches searches, Future<LocalRefresh> refresh, Dashboard dashboard) {
    this.searches = searches;
    this.refresh = refresh;
    this.dashboard = dashboard;
  }

  /**
   * To be called every second.
   *
   * @throws IOException when the refresh has failed
   */
  void tick() throws IOException, InterruptedException {
    ReadFigures newest = searches.take();
    last.add(new Second(newest, counters));
    if (last.size() > SECONDS) {
      last.remove();
    }
    all = all.plus(newest);
    if (firstStaleShare < 0 && newest.items() > 0) {
      firstStaleShare = newest.staleShare();
    }
    counters = counters();
    ReadFigures lately = lately();
    dashboard.show(
        (System.nanoTime() - startedAt) / 1e9,
        newest,
        lately,
        RefreshFigures.of(last.element().countersBefore(), counters, lately.seconds()));
  }

  private ReadFigures lately() {
    return last.stream().map(Second::reads).reduce(ReadFigures.none(), ReadFigures::plus);
  }

  private Map<String, Long> counters() throws IOException, InterruptedException {
    if (!refresh.isDone()) {
      return Map.of();
    }
    try {
      return refresh.get().counters();
    } catch (ExecutionException e) {
      throw new IOException("the refresh does not start: " + FailureMessage.of(e), e);
    }
  }

  /** What it came to, in one line. */
  String json() throws IOException {
    RefreshFigures refreshed = RefreshFigures.of(Map.of(), counters, 1);
    return JsonLine.of(
        json -> {
          json.writeNumberField("reads", all.reads());
          json.writeNumberField("failed", all.failed());
          json.writeNumberField("items", all.items());
          json.writeNumberField("p50_ms", JsonLine.rounded(all.latencyMillis(50)));
          json.writeNumberField("p99_ms", JsonLine.rounded(all.latencyMillis(99)));
          json.writeNumberField(
              "stale_share_first", JsonLine.rounded(Math.max(0, firstStaleShare)));
          json.writeNumberField("stale_share_last", JsonLine.rounded(lately().staleShare()));
          json.writeNumberField("refreshed", refreshed.written());
          json.writeNumberField("lag_p50_ms", refreshed.lagMedianMillis());
          json.writeNumberField("lag_p99_ms", refreshed.lagP99Millis());
          json.writeNumberField("seconds", JsonLine.rounded((System.nanoTime() - startedAt) / 1e9));
        });
  }
}
