package io.shelfcast.outcomes;

import io.shelfcast.fullsync.NamedTexts;
import io.shelfcast.transforms.Counters;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files of outcomes, Parquet or CSV, a file at a time, by store. */
final class ReadOutcomes extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ReadOutcomes.class);

  /** The outcomes by store. */
  static final TupleTag<KV<Long, Outcome>> OUTCOMES = new TupleTag<>("outcomes") {};

  /** How many rows could not be read. */
  static final TupleTag<OutcomeCounts> COUNTS = new TupleTag<>("counts") {};

  private final List<String> globs;

  private ReadOutcomes(List<String> globs) {
    this.globs = List.copyOf(globs);
  }

  static ReadOutcomes matching(List<String> globs) {
    return new ReadOutcomes(globs);
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    PCollectionTuple read =
        input
            .apply("Start", Impulse.create())
            .apply("Find files", ParDo.of(new FindFiles(globs)))
            .setCoder(StringUtf8Coder.of())
            .apply("Spread files", Reshuffle.viaRandomKey())
            .apply(
                "Read rows",
                ParDo.of(new ReadRows()).withOutputTags(OUTCOMES, TupleTagList.of(COUNTS)));
    read.get(OUTCOMES).setCoder(KvCoder.of(VarLongCoder.of(), OutcomeCoder.of()));
    read.get(COUNTS).setCoder(SerializableCoder.of(OutcomeCounts.class));
    return read;
  }

  private static final class FindFiles extends DoFn<byte[], String> {
    private static final long serialVersionUID = 1L;

    private final List<String> globs;

    FindFiles(List<String> globs) {
      this.globs = globs;
    }

    @ProcessElement
    public void find(OutputReceiver<String> out) throws IOException {
      NamedTexts.find(globs).forEach(out::output);
    }
  }

  private static final class ReadRows extends DoFn<String, KV<Long, Outcome>> {
    private static final long serialVersionUID = 1L;

    private final Counter rejected = Metrics.counter(Counters.NAMESPACE, "outcomes_rejected");

    @ProcessElement
    public void read(@Element String file, MultiOutputReceiver out) throws IOException {
      OutputReceiver<KV<Long, Outcome>> outcomes = out.get(OUTCOMES);
      OutcomeRows rows =
          new OutcomeRows((storeId, outcome) -> outcomes.output(KV.of(storeId, outcome)));
      NamedTexts.read(file, rows);
      if (rows.rejected() > 0) {
        LOG.warn("{} rows of {} cannot be read: {}", rows.rejected(), file, rows.firstRejected());
        rejected.inc(rows.rejected());
        out.get(COUNTS).output(OutcomeCounts.ofRejected(rows.rejected()));
      }
    }
  }
}
