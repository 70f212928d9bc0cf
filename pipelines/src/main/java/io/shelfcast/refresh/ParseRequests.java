package io.shelfcast.refresh;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.quality.Rejection;
import io.shelfcast.transforms.Checked;
import java.util.List;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Takes records for refresh requests; what is none becomes a dead letter with its offset. */
final class ParseRequests
    extends PTransform<PCollection<KafkaRecord<byte[], byte[]>>, Checked<ReceivedRequest>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ReceivedRequest> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final int maxProducts;

  private ParseRequests(int maxProducts) {
    this.maxProducts = maxProducts;
  }

  /** Of at most so many products. */
  static ParseRequests ofAtMost(int maxProducts) {
    return new ParseRequests(maxProducts);
  }

  @Override
  public Checked<ReceivedRequest> expand(PCollection<KafkaRecord<byte[], byte[]>> input) {
    return Checked.of(
        input.apply(
            "Parse record",
            ParDo.of(new Parse(maxProducts)).withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        ReceivedRequestCoder.of(),
        REJECTED);
  }

  private static final class Parse extends DoFn<KafkaRecord<byte[], byte[]>, ReceivedRequest> {
    private static final long serialVersionUID = 1L;

    private final int maxProducts;
    private final RefreshMetrics metrics = new RefreshMetrics();

    Parse(int maxProducts) {
      this.maxProducts = maxProducts;
    }

    @ProcessElement
    public void parse(@Element KafkaRecord<byte[], byte[]> record, MultiOutputReceiver out) {
      metrics.requestsRead.inc();
      RecordText text = RecordText.of(record);
      RefreshRequestText request = new RefreshRequestText(maxProducts);
      Rejection wrong = request.read(text.payload());
      if (wrong == null) {
        metrics.itemsRequested.inc(request.request().size());
        out.get(ACCEPTED)
            .output(new ReceivedRequest(text.place(), text.offset(), request.request()));
        return;
      }
      RejectedRow row = wrong.rejectedRequest(text.place(), text.offset(), text.payload());
      out.get(REJECTED)
          .output(
              new RejectedRows(
                  ScoreBatch.idOf(text.place(), String.valueOf(text.offset()), "rejected"),
                  List.of(row)));
    }
  }
}
