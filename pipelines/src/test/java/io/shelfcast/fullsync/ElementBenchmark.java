package io.shelfcast.fullsync;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.RowRules;
import io.shelfcast.transforms.ScoreBatchCoder;
import io.shelfcast.transforms.ValidateScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/**
 * What an element of the pipeline should be: a row, or a batch of rows as columns. The same rows
 * take the same steps (make, check, tag, shuffle, count) either way, on DirectRunner with its
 * checks off, a warm-up and then three rounds in turn. Not a test of the build; the decision that
 * it led to says how to run it.
 */
class ElementBenchmark {

  private static final int PARTS = 10;
  private static final int ROWS_PER_PART = Integer.getInteger("rowsPerPart", 200_000);
  private static final long AT = 1_717_826_400_000_000L;
  private static final RowRules RULES =
      RowRules.asOf(Instant.parse("2024-06-09T00:00:00Z"), Duration.ZERO);
  private static final LongAdder COUNTED = new LongAdder();

  @Test
  void rowsAgainstBatches() {
    row();
    batches(4096);
    for (int round = 1; round <= 3; round++) {
      double row = row();
      report(round, "row", row, row);
      for (int size : new int[] {256, 1024, 4096, 20_000, 100_000}) {
        report(round, "batch of " + size, batches(size), row);
      }
    }
  }

  private static void report(int round, String what, double seconds, double row) {
    System.out.printf(
        Locale.ROOT,
        "round %d  %-16s %6.2f s  %,12.0f rows/s  %5.1f x row%n",
        round,
        what,
        seconds,
        PARTS * ROWS_PER_PART / seconds,
        row / seconds);
  }

  private static double row() {
    return run(
        parts ->
            parts
                .apply("Make", ParDo.of(new MakeRows()))
                .setCoder(new RowCoder())
                .apply("Check", ParDo.of(new CheckRow()))
                .setCoder(new RowCoder())
                .apply("Tag", ParDo.of(new TagRow()))
                .setCoder(new RowCoder())
                .apply("Shuffle", Reshuffle.<Row>viaRandomKey().withNumBuckets(4))
                .apply("Count", ParDo.of(new CountRow())));
  }

  private static double batches(int size) {
    return run(
        parts ->
            parts
                .apply("Make", ParDo.of(new MakeBatches(size)))
                .setCoder(ScoreBatchCoder.of())
                .apply("Check", ValidateScores.with(RULES))
                .accepted()
                .apply("Tag", ParDo.of(new TagBatch()))
                .setCoder(ScoreBatchCoder.of())
                .apply("Shuffle", Reshuffle.<ScoreBatch>viaRandomKey().withNumBuckets(4))
                .apply("Count", ParDo.of(new CountBatch())));
  }

  private static double run(Consumer<PCollection<Integer>> steps) {
    COUNTED.reset();
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--enforceImmutability=false",
                    "--enforceEncodability=false",
                    "--targetParallelism=2")
                .create());
    List<Integer> parts = IntStream.range(0, PARTS).boxed().toList();
    steps.accept(pipeline.apply("Parts", Create.of(parts)));
    long start = System.nanoTime();
    pipeline.run().waitUntilFinish();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (COUNTED.sum() != (long) PARTS * ROWS_PER_PART) {
      throw new IllegalStateException("counted " + COUNTED.sum());
    }
    return seconds;
  }

  private record Row(
      long position, long storeId, long productId, String model, double score, long at) {}

  private static final class RowCoder extends AtomicCoder<Row> {
    @Override
    public void encode(Row row, OutputStream out) throws IOException {
      VarLongCoder number = VarLongCoder.of();
      number.encode(row.position(), out);
      number.encode(row.storeId(), out);
      number.encode(row.productId(), out);
      StringUtf8Coder.of().encode(row.model(), out);
      DoubleCoder.of().encode(row.score(), out);
      number.encode(row.at(), out);
    }

    @Override
    public Row decode(InputStream in) throws IOException {
      VarLongCoder number = VarLongCoder.of();
      return new Row(
          number.decode(in),
          number.decode(in),
          number.decode(in),
          StringUtf8Coder.of().decode(in),
          DoubleCoder.of().decode(in),
          number.decode(in));
    }
  }

  private static final class MakeRows extends DoFn<Integer, Row> {
    @ProcessElement
    public void make(@Element Integer part, OutputReceiver<Row> out) {
      for (int i = 0; i < ROWS_PER_PART; i++) {
        out.output(new Row(i, part, i, "realtime-v2", i / (double) ROWS_PER_PART, AT));
      }
    }
  }

  private static final class CheckRow extends DoFn<Row, Row> {
    @ProcessElement
    public void check(@Element Row row, OutputReceiver<Row> out) {
      if (RULES.check(row.storeId(), row.productId(), row.score(), row.at()) == null) {
        out.output(row);
      }
    }
  }

  private static final class TagRow extends DoFn<Row, Row> {
    @ProcessElement
    public void tag(@Element Row row, OutputReceiver<Row> out) {
      out.output(row);
    }
  }

  private static final class CountRow extends DoFn<Row, Void> {
    @ProcessElement
    public void count(@Element Row row) {
      COUNTED.add(row.position() >= 0 ? 1 : 0);
    }
  }

  private static final class MakeBatches extends DoFn<Integer, ScoreBatch> {
    private final int size;

    MakeBatches(int size) {
      this.size = size;
    }

    @ProcessElement
    public void make(@Element Integer part, OutputReceiver<ScoreBatch> out) {
      BatchAssembler rows =
          new BatchAssembler("f", part.toString(), size, out::output, rejected -> {});
      for (int i = 0; i < ROWS_PER_PART; i++) {
        rows.accept(i, "realtime-v2", part, i, i / (double) ROWS_PER_PART, AT);
      }
      rows.finish();
    }
  }

  private static final class TagBatch extends DoFn<ScoreBatch, ScoreBatch> {
    @ProcessElement
    public void tag(@Element ScoreBatch batch, OutputReceiver<ScoreBatch> out) {
      out.output(batch);
    }
  }

  private static final class CountBatch extends DoFn<ScoreBatch, Void> {
    @ProcessElement
    public void count(@Element ScoreBatch batch) {
      COUNTED.add(batch.size());
    }
  }
}
