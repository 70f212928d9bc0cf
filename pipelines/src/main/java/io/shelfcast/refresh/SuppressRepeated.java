package io.shelfcast.refresh;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.transforms.Checked;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * Says which model versions are to score which items, and lets each item pass once for each of them
 * within an interval of processing time.
 *
 * <p>An item that passed may still be left out, because the database has a score that is young
 * enough, and then those who ask within the interval get that score: one of up to twice the
 * interval.
 *
 * <p><b>State.</b> Per store an entry for each item and model version that passed, with the time
 * until which it does not pass again. A timer sweeps the entries that are over, so that there are
 * never more than what was asked for within twice the interval.
 */
final class SuppressRepeated
    extends PTransform<PCollection<ReceivedRequest>, Checked<KV<String, ReceivedRequest>>> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<KV<String, ReceivedRequest>> ACCEPTED = new TupleTag<>("accepted") {};
  static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final DatabaseConfig database;
  private final List<ModelStatus> statuses;
  private final Duration interval;
  private final int maxProducts;

  private SuppressRepeated(
      DatabaseConfig database, List<ModelStatus> statuses, Duration interval, int maxProducts) {
    this.database = database;
    this.statuses = statuses;
    this.interval = interval;
    this.maxProducts = maxProducts;
  }

  /**
   * A filter.
   *
   * @param database where the model versions are registered
   * @param statuses whose versions are kept fresh
   * @param interval in which an item passes once
   * @param maxProducts the greatest number of products that are given on together
   */
  static SuppressRepeated within(
      DatabaseConfig database, List<ModelStatus> statuses, Duration interval, int maxProducts) {
    return new SuppressRepeated(database, statuses, interval, maxProducts);
  }

  @Override
  public Checked<KV<String, ReceivedRequest>> expand(PCollection<ReceivedRequest> input) {
    return Checked.of(
        input
            .apply(
                "Key by store",
                WithKeys.<Long, ReceivedRequest>of(received -> received.request().storeId())
                    .withKeyType(TypeDescriptors.longs()))
            .setCoder(KvCoder.of(VarLongCoder.of(), ReceivedRequestCoder.of()))
            .apply(
                "Pass once",
                ParDo.of(new PassOnce(database, statuses, interval, maxProducts))
                    .withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        coder(),
        REJECTED);
  }

  /** Of requests by the model version that is to score them. */
  static Coder<KV<String, ReceivedRequest>> coder() {
    return KvCoder.of(StringUtf8Coder.of(), ReceivedRequestCoder.of());
  }
}
