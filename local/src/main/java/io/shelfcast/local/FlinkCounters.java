package io.shelfcast.local;

import io.shelfcast.transforms.Counters;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * The counters of the pipeline that runs on this process's Flink, as they are now: Beam's own
 * result has them only when a job has ended. Those of tasks that have ended, or failed, go on
 * counting.
 */
public final class FlinkCounters implements MetricReporter {

  private static final String NAMESPACE = Counters.NAMESPACE + '.';

  // Flink makes the reporters, so what they report to cannot be handed to them.
  private static final Set<Named> COUNTERS = ConcurrentHashMap.newKeySet();

  /** What those had counted that are gone. */
  private static final Map<String, Long> GONE = new ConcurrentHashMap<>();

  private FlinkCounters() {}

  private record Named(String name, Counter counter) {}

  /** Found by Flink among the services of the class path. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new FlinkCounters();
    }
  }

  /** The value of each counter by its name, over all tasks of this process's life. */
  static Map<String, Long> read() {
    Map<String, Long> counted = new HashMap<>(GONE);
    COUNTERS.forEach(named -> counted.merge(named.name(), named.counter().getCount(), Long::sum));
    return counted;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Counter counter && name.startsWith(NAMESPACE)) {
      COUNTERS.add(new Named(name.substring(NAMESPACE.length()), counter));
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    // Two reporters are told, the JobManager's and the TaskManager's, of which one removes it.
    if (metric instanceof Counter counter
        && name.startsWith(NAMESPACE)
        && COUNTERS.remove(new Named(name.substring(NAMESPACE.length()), counter))) {
      GONE.merge(name.substring(NAMESPACE.length()), counter.getCount(), Long::sum);
    }
  }
}
