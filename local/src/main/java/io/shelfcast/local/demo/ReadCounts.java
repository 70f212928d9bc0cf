package io.shelfcast.local.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts reads, by any thread, and gives out what was counted since it was last asked. */
final class ReadCounts {

  private static final int DIGITS = 3;

  private final Recorder latencies = new Recorder(DIGITS);
  private final LongAdder reads = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder items = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final Map<String, LongAdder> decisions = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> models = new ConcurrentHashMap<>();
  private long takenAt = System.nanoTime();

  void answered(SearchAnswer answer, long micros) {
    latencies.recordValue(micros);
    reads.increment();
    items.add(answer.items());
    stale.add(answer.stale());
    answer.decisions().forEach((kind, count) -> add(decisions, kind, count));
    add(models, answer.modelVersion(), 1);
  }

  void failed() {
    failed.increment();
  }

  /** For one thread. */
  ReadFigures take() {
    long now = System.nanoTime();
    double seconds = (now - takenAt) / 1e9;
    takenAt = now;
    Histogram histogram = latencies.getIntervalHistogram();
    return new ReadFigures(
        seconds,
        reads.sumThenReset(),
        failed.sumThenReset(),
        items.sumThenReset(),
        stale.sumThenReset(),
        taken(decisions),
        taken(models),
        histogram);
  }

  private static void add(Map<String, LongAdder> counts, String name, long count) {
    counts.computeIfAbsent(name, n -> new LongAdder()).add(count);
  }

  private static Map<String, Long> taken(Map<String, LongAdder> counts) {
    Map<String, Long> taken = new HashMap<>();
    counts.forEach((name, count) -> taken.put(name, count.sumThenReset()));
    return taken;
  }
}
