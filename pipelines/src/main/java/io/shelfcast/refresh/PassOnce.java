package io.shelfcast.refresh;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.quality.Rejection;
import io.shelfcast.store.DatabaseConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets each item pass once within an interval, for each model version that is to score it. Per
 * store an entry for each item and model version that passed, with the time until which it does not
 * pass again; a timer sweeps the entries that are over, so that there are never more than what was
 * asked for within twice the interval.
 */
final class PassOnce extends DoFn<KV<Long, ReceivedRequest>, KV<String, ReceivedRequest>> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final List<ModelStatus> statuses;
  private final Duration interval;
  private final int maxProducts;
  private final RefreshMetrics metrics = new RefreshMetrics();

  /** Until when an item does not pass again, in milliseconds of the runner's processing time. */
  @StateId("passed")
  private final StateSpec<MapState<ItemKey, Long>> passed =
      StateSpecs.map(ItemKey.CODER, VarLongCoder.of());

  @StateId("sweep_at")
  private final StateSpec<ValueState<Long>> sweepAt = StateSpecs.value(VarLongCoder.of());

  @TimerId("sweep")
  private final TimerSpec sweep = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  PassOnce(
      DatabaseConfig database, List<ModelStatus> statuses, Duration interval, int maxProducts) {
    this.database = database;
    this.statuses = statuses;
    this.interval = interval;
    this.maxProducts = maxProducts;
  }

  @ProcessElement
  public void process(
      @Element KV<Long, ReceivedRequest> element,
      @StateId("passed") MapState<ItemKey, Long> entries,
      @StateId("sweep_at") ValueState<Long> sweepTime,
      @TimerId("sweep") Timer timer,
      MultiOutputReceiver out) {
    ReceivedRequest received = element.getValue();
    Versions versions = versionsFor(received.request());
    if (versions.rejection() != null) {
      out.get(SuppressRepeated.REJECTED).output(rejected(received, versions.rejection()));
      return;
    }
    long now = timer.getCurrentRelativeTime().getMillis();
    boolean added = false;
    for (ModelVersion version : versions.found()) {
      long[] passing = passing(received.request(), version, entries, now);
      added |= passing.length > 0;
      metrics.suppressedRepeated.inc(received.request().size() - passing.length);
      for (int from = 0; from < passing.length; from += maxProducts) {
        long[] part =
            Arrays.copyOfRange(passing, from, Math.min(from + maxProducts, passing.length));
        out.get(SuppressRepeated.ACCEPTED)
            .output(KV.of(version.name(), received.with(received.request().withProducts(part))));
      }
    }
    if (added && sweepTime.read() == null) {
      sweepIn(interval, now, sweepTime, timer);
    }
  }

  private record Versions(List<ModelVersion> found, @Nullable Rejection rejection) {}

  private Versions versionsFor(RefreshRequest request) {
    RefreshedVersions versions = RefreshedVersions.shared(database);
    String name = request.modelVersion();
    if (name != null) {
      Optional<ModelVersion> version = versions.find(name);
      if (version.isEmpty()) {
        return new Versions(List.of(), new Rejection.ModelVersionUnknown(name));
      }
      return version.get().status() == ModelStatus.RETIRED
          ? new Versions(List.of(), new Rejection.ModelVersionRetired(name))
          : new Versions(List.of(version.get()), null);
    }
    List<ModelVersion> found = versions.of(statuses);
    return found.isEmpty()
        ? new Versions(
            found,
            new Rejection.NothingToRefresh(
                statuses.stream().map(ModelStatus::word).collect(Collectors.joining(" or "))))
        : new Versions(found, null);
  }

  /** The products that pass, which are then noted as passed. */
  private long[] passing(
      RefreshRequest request, ModelVersion version, MapState<ItemKey, Long> entries, long now) {
    List<ReadableState<Long>> read = new ArrayList<>(request.size());
    for (int i = 0; i < request.size(); i++) {
      // Asked for together, and then fetched together where state is far away.
      read.add(entries.get(new ItemKey(version.id(), request.productId(i))).readLater());
    }
    long[] passing = new long[request.size()];
    int n = 0;
    for (int i = 0; i < request.size(); i++) {
      Long until = read.get(i).read();
      long product = request.productId(i);
      if ((until == null || until <= now) && !contains(passing, n, product)) {
        if (until == null) {
          metrics.remembered.inc();
        }
        entries.put(new ItemKey(version.id(), product), now + interval.getMillis());
        passing[n++] = product;
      }
    }
    return Arrays.copyOf(passing, n);
  }

  @OnTimer("sweep")
  public void sweep(
      @StateId("passed") MapState<ItemKey, Long> entries,
      @StateId("sweep_at") ValueState<Long> sweepTime,
      @TimerId("sweep") Timer timer) {
    long now = timer.getCurrentRelativeTime().getMillis();
    Long due = sweepTime.read();
    // A runner that drains fires all timers at once, and would do so for ever with a new one. Not
    // by the clock alone: that of the timer and that of this worker may differ a little.
    boolean early = due != null && now + interval.getMillis() / 2 < due;
    List<ItemKey> over = new ArrayList<>();
    int left = 0;
    for (Map.Entry<ItemKey, Long> entry : entries.entries().read()) {
      if (early || entry.getValue() <= now) {
        over.add(entry.getKey());
      } else {
        left++;
      }
    }
    over.forEach(entries::remove);
    metrics.forgotten.inc(over.size());
    sweepTime.clear();
    if (left > 0) {
      sweepIn(interval, now, sweepTime, timer);
    }
  }

  private static void sweepIn(
      Duration interval, long now, ValueState<Long> sweepTime, Timer timer) {
    sweepTime.write(now + interval.getMillis());
    // Nothing is output by it, so it need not hold anything back.
    timer.offset(interval).withNoOutputTimestamp().setRelative();
  }

  private static boolean contains(long[] products, int n, long product) {
    for (int i = 0; i < n; i++) {
      if (products[i] == product) {
        return true;
      }
    }
    return false;
  }

  private static RejectedRows rejected(ReceivedRequest received, Rejection why) {
    return new RejectedRows(
        ScoreBatch.idOf(received.place(), String.valueOf(received.position()), "rejected"),
        List.of(
            why.rejectedRequest(
                received.place(), received.position(), RefreshRequestText.of(received.request()))));
  }
}
