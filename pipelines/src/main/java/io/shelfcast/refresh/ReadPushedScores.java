package io.shelfcast.refresh;

import io.shelfcast.transforms.RawRows;
import io.shelfcast.transforms.RawRowsCoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Score rows that models push to a topic, one JSON object a record, in batches of one topic
 * partition: a row's position is its offset.
 */
final class ReadPushedScores extends PTransform<PBegin, PCollection<RawRows>> {
  private static final long serialVersionUID = 1L;

  private final KafkaIO.Read<byte[], byte[]> topic;
  private final int batchSize;
  private final Duration maxWait;

  private ReadPushedScores(KafkaIO.Read<byte[], byte[]> topic, int batchSize, Duration maxWait) {
    this.topic = topic;
    this.batchSize = batchSize;
    this.maxWait = maxWait;
  }

  static ReadPushedScores from(
      KafkaIO.Read<byte[], byte[]> topic, int batchSize, Duration maxWait) {
    return new ReadPushedScores(topic, batchSize, maxWait);
  }

  @Override
  public PCollection<RawRows> expand(PBegin input) {
    return input
        .apply("Read topic", topic)
        .apply("Key by partition", ParDo.of(new KeyByPartition()))
        .setCoder(
            KvCoder.of(StringUtf8Coder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
        .apply(
            "Batch rows",
            GroupIntoBatches.<String, KV<Long, String>>ofSize(batchSize)
                .withMaxBufferingDuration(maxWait))
        .apply("Make rows", ParDo.of(new MakeRows()))
        .setCoder(RawRowsCoder.of());
  }

  private static final class KeyByPartition
      extends DoFn<KafkaRecord<byte[], byte[]>, KV<String, KV<Long, String>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void key(
        @Element KafkaRecord<byte[], byte[]> record,
        OutputReceiver<KV<String, KV<Long, String>>> out) {
      RecordText text = RecordText.of(record);
      out.output(KV.of(text.place(), KV.of(text.offset(), text.payload())));
    }
  }

  private static final class MakeRows
      extends DoFn<KV<String, Iterable<KV<Long, String>>>, RawRows> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void make(
        @Element KV<String, Iterable<KV<Long, String>>> batch, OutputReceiver<RawRows> out) {
      List<RawRows.RawRow> rows = new ArrayList<>();
      batch.getValue().forEach(row -> rows.add(new RawRows.RawRow(row.getKey(), row.getValue())));
      out.output(new RawRows(batch.getKey(), String.valueOf(rows.get(0).position()), rows));
    }
  }
}
