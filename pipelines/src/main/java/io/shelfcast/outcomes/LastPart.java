package io.shelfcast.outcomes;

import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Finds the hour from which on outcomes are of the last part of the time: it has the last quarter
 * of them, or the next whole hour's worth above that.
 */
final class LastPart extends PTransform<PCollection<ScoredOutcome>, PCollectionView<Long>> {
  private static final long serialVersionUID = 1L;

  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final double SHARE = 0.25;

  private LastPart() {}

  static LastPart start() {
    return new LastPart();
  }

  @Override
  public PCollectionView<Long> expand(PCollection<ScoredOutcome> outcomes) {
    return outcomes
        .apply(
            "Take hours",
            MapElements.into(TypeDescriptors.longs())
                .via(outcome -> Math.floorDiv(outcome.orderedAtMicros(), HOUR_MICROS)))
        .setCoder(VarLongCoder.of())
        .apply("Count hours", Count.perElement())
        .apply("All hours", WithKeys.of(0))
        .setCoder(KvCoder.of(VarIntCoder.of(), KvCoder.of(VarLongCoder.of(), VarLongCoder.of())))
        .apply("Together", GroupByKey.create())
        .apply("Find start", ParDo.of(new FindStart()))
        .setCoder(VarLongCoder.of())
        // Without outcomes nobody asks.
        .apply("Start", View.<Long>asSingleton().withDefaultValue(Long.MAX_VALUE));
  }

  private static final class FindStart extends DoFn<KV<Integer, Iterable<KV<Long, Long>>>, Long> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void find(
        @Element KV<Integer, Iterable<KV<Long, Long>>> hours, OutputReceiver<Long> out) {
      out.output(start(hours.getValue()));
    }
  }

  /** In microseconds; after everything, when there is but one hour. */
  static long start(Iterable<KV<Long, Long>> hours) {
    TreeMap<Long, Long> counts = new TreeMap<>();
    hours.forEach(hour -> counts.merge(hour.getKey(), hour.getValue(), Long::sum));
    double wanted = SHARE * counts.values().stream().mapToLong(Long::longValue).sum();
    long seen = 0;
    for (Map.Entry<Long, Long> hour : counts.descendingMap().entrySet()) {
      seen += hour.getValue();
      if (seen >= wanted) {
        return hour.getKey() > counts.firstKey() ? hour.getKey() * HOUR_MICROS : Long.MAX_VALUE;
      }
    }
    return Long.MAX_VALUE;
  }
}
