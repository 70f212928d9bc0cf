package io.shelfcast.refresh;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.store.TestDatabase;
import io.shelfcast.transforms.Counters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaRecordCoder;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.joda.time.Duration;

/** A refresh of given records at given times, from the records on, on DirectRunner. */
final class RefreshRun {

  private final RefreshOptions options;
  private TestStream.Builder<KafkaRecord<byte[], byte[]>> stream =
      TestStream.create(
          KafkaRecordCoder.of(
              NullableCoder.of(ByteArrayCoder.of()), NullableCoder.of(ByteArrayCoder.of())));
  private long offset;

  RefreshRun(TestDatabase database, String scoringUrl, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--jdbcUrl=" + database.config().jdbcUrl());
    all.add("--jdbcUser=" + database.config().user());
    all.add("--bootstrapServers=none:1");
    all.add("--scoringUrl=" + scoringUrl);
    this.options =
        PipelineOptionsFactory.fromArgs(all.toArray(new String[0])).as(RefreshOptions.class);
  }

  RefreshRun request(long store, Instant requestedAt, long... products) {
    return value(
        RefreshRequestText.of(
            RefreshRequest.of(store, products, Micros.of(requestedAt), "search", null)));
  }

  RefreshRun value(String text) {
    return bytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  RefreshRun bytes(byte[] value) {
    stream =
        stream.addElements(
            new KafkaRecord<>(
                "requests",
                3,
                offset++,
                0,
                KafkaTimestampType.CREATE_TIME,
                null,
                new byte[0],
                value));
    return this;
  }

  RefreshRun after(Duration processingTime) {
    stream = stream.advanceProcessingTime(processingTime);
    return this;
  }

  /** The job's counters, by name. */
  Map<String, Long> run() {
    Pipeline pipeline = Pipeline.create(options);
    RefreshPipeline refresh = RefreshPipeline.of(options);
    refresh.writeDeadLetters(
        List.of(
            refresh.refresh(
                pipeline.apply(
                    "Records",
                    stream
                        .advanceProcessingTime(Duration.standardSeconds(1))
                        .advanceWatermarkToInfinity()))));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    Map<String, Long> counters = new HashMap<>();
    for (MetricResult<Long> counter :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.inNamespace(Counters.NAMESPACE))
                    .build())
            .getCounters()) {
      counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
    return counters;
  }
}
