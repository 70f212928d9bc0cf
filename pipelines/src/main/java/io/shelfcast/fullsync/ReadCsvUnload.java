package io.shelfcast.fullsync;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.RowRules;
import io.shelfcast.snowflake.PlannedUnload;
import io.shelfcast.snowflake.UnloadedRow;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.Counters;
import io.shelfcast.transforms.InputSizeCoder;
import io.shelfcast.transforms.ScoreBatchCoder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows by way of Beam's SnowflakeIO, and makes batches of them, within each bundle: grouping
 * single rows by a key instead would put a shuffle of single rows in front of the one of batches.
 *
 * <p><b>Why counting stays exact.</b> SnowflakeIO gives rows one by one and says nothing of where
 * they stood, so a batch cannot be named after its place: it is named after its bundle, at random.
 * An id has to be the same for whoever writes the batch, however often; so behind the assembling
 * stands a Reshuffle. What comes out of it is kept: on Dataflow a bundle before it is committed
 * once, batches and sizes together, and a bundle after it that is tried again gets the same
 * batches. A runner that starts everything anew instead (Flink, after a failure) makes other
 * batches of what it reads again; then the ledger finds more rows than were read, and the run fails
 * where it would have counted twice.
 */
final class ReadCsvUnload extends PTransform<PBegin, ReadScores.Result> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ScoreBatch> BATCHES = new TupleTag<>("batches") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};
  private static final TupleTag<InputSize> SIZES = new TupleTag<>("sizes") {};

  private final PlannedUnload plan;
  private final String source;
  private final RowRules rules;
  private final @Nullable String defaultModelVersion;
  private final int shards;
  private final int batchSize;

  ReadCsvUnload(
      PlannedUnload plan,
      String source,
      RowRules rules,
      @Nullable String defaultModelVersion,
      int shards,
      int batchSize) {
    this.plan = plan;
    this.source = source;
    this.rules = rules;
    this.defaultModelVersion = defaultModelVersion;
    this.shards = shards;
    this.batchSize = batchSize;
  }

  @Override
  public ReadScores.Result expand(PBegin input) {
    PCollectionTuple outputs =
        input
            .apply("Unload rows", plan.csv())
            .apply(
                "Assemble batches",
                ParDo.of(new AssembleBatches(this))
                    .withOutputTags(BATCHES, TupleTagList.of(REJECTED).and(SIZES)));
    Checked<ScoreBatch> checked = Checked.of(outputs, BATCHES, ScoreBatchCoder.of(), REJECTED);
    return new ReadScores.Result(
        checked.accepted().apply("Keep batches", this.<ScoreBatch>kept()),
        checked.rejected().apply("Keep rejected rows", this.<RejectedRows>kept()),
        outputs.get(SIZES).setCoder(InputSizeCoder.of()));
  }

  private <T> Reshuffle.ViaRandomKey<T> kept() {
    Reshuffle.ViaRandomKey<T> reshuffle = Reshuffle.viaRandomKey();
    return shards == 0 ? reshuffle : reshuffle.withNumBuckets(shards);
  }

  private static final class AssembleBatches extends DoFn<UnloadedRow, ScoreBatch> {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final RowRules rules;
    private final @Nullable String defaultModelVersion;
    private final boolean timesAreMicros;
    private final int batchSize;
    private final Counter rowsRead = Metrics.counter(Counters.NAMESPACE, "rows_read");

    private transient @Nullable Bundle bundle;

    AssembleBatches(ReadCsvUnload of) {
      this.source = of.source;
      this.rules = of.rules;
      this.defaultModelVersion = of.defaultModelVersion;
      this.timesAreMicros = of.plan.timesAreMicros();
      this.batchSize = of.batchSize;
    }

    @StartBundle
    public void start() {
      bundle = new Bundle();
    }

    @ProcessElement
    public void add(@Element UnloadedRow row, MultiOutputReceiver out) {
      Bundle open = open();
      open.add(row);
      open.drain(out.get(BATCHES)::output, out.get(REJECTED)::output);
    }

    @FinishBundle
    public void finish(FinishBundleContext out) {
      Bundle open = open();
      open.rows.finish();
      open.drain(batch -> output(out, BATCHES, batch), rows -> output(out, REJECTED, rows));
      output(out, SIZES, new InputSize(open.rows.rows(), open.bytes));
      rowsRead.inc(open.rows.rows());
      bundle = null;
    }

    private Bundle open() {
      if (bundle == null) {
        throw new IllegalStateException("no bundle has been started");
      }
      return bundle;
    }

    private <T> void output(FinishBundleContext out, TupleTag<T> tag, T value) {
      out.output(tag, value, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }

    /** The rows of a bundle on their way into batches. */
    private final class Bundle {
      private final Queue<ScoreBatch> batches = new ArrayDeque<>();
      private final Queue<RejectedRows> rejected = new ArrayDeque<>();
      private final BatchAssembler rows =
          new BatchAssembler(
              source, UUID.randomUUID().toString(), batchSize, batches::add, rejected::add);
      private final UnloadedRowText text =
          new UnloadedRowText(rules, defaultModelVersion, timesAreMicros);
      private long bytes;

      void add(UnloadedRow row) {
        bytes += text.read(row, rows);
      }

      void drain(Consumer<ScoreBatch> toBatches, Consumer<RejectedRows> toRejected) {
        for (ScoreBatch next = batches.poll(); next != null; next = batches.poll()) {
          toBatches.accept(next);
        }
        for (RejectedRows next = rejected.poll(); next != null; next = rejected.poll()) {
          toRejected.accept(next);
        }
      }
    }
  }
}
