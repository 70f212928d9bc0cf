package io.shelfcast.fullsync;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.Counters;
import io.shelfcast.transforms.InputSizeCoder;
import io.shelfcast.transforms.ScoreBatchCoder;
import java.io.IOException;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads the rows of file parts into batches. The same part gives the same batches with the same ids
 * each time, which the accounting under retries relies on.
 */
final class ReadScores extends PTransform<PCollection<FilePart>, ReadScores.Result> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ScoreBatch> BATCHES = new TupleTag<>("batches") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};
  private static final TupleTag<InputSize> SIZES = new TupleTag<>("sizes") {};

  private final ScoreFiles files;
  private final int batchSize;

  private ReadScores(ScoreFiles files, int batchSize) {
    this.files = files;
    this.batchSize = batchSize;
  }

  static ReadScores with(ScoreFiles files, int batchSize) {
    return new ReadScores(files, batchSize);
  }

  @Override
  public Result expand(PCollection<FilePart> input) {
    PCollectionTuple outputs =
        input.apply(
            "Read rows",
            ParDo.of(new ReadRows(files, batchSize))
                .withOutputTags(BATCHES, TupleTagList.of(REJECTED).and(SIZES)));
    Checked<ScoreBatch> checked = Checked.of(outputs, BATCHES, ScoreBatchCoder.of(), REJECTED);
    return new Result(
        checked.accepted(), checked.rejected(), outputs.get(SIZES).setCoder(InputSizeCoder.of()));
  }

  /** What was read. */
  static final class Result implements POutput {
    private final PCollection<ScoreBatch> batches;
    private final PCollection<RejectedRows> rejected;
    private final PCollection<InputSize> sizes;

    Result(
        PCollection<ScoreBatch> batches,
        PCollection<RejectedRows> rejected,
        PCollection<InputSize> sizes) {
      this.batches = batches;
      this.rejected = rejected;
      this.sizes = sizes;
    }

    /** Rows whose values could be read. */
    PCollection<ScoreBatch> batches() {
      return batches;
    }

    /** Rows whose values could not. */
    PCollection<RejectedRows> rejected() {
      return rejected;
    }

    /** How much each part was, rows of both kinds. */
    PCollection<InputSize> sizes() {
      return sizes;
    }

    @Override
    public Pipeline getPipeline() {
      return sizes.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(BATCHES, batches, REJECTED, rejected, SIZES, sizes);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private static final class ReadRows extends DoFn<FilePart, ScoreBatch> {
    private static final long serialVersionUID = 1L;

    private final ScoreFiles files;
    private final int batchSize;
    private final Counter rowsRead = Metrics.counter(Counters.NAMESPACE, "rows_read");

    ReadRows(ScoreFiles files, int batchSize) {
      this.files = files;
      this.batchSize = batchSize;
    }

    @ProcessElement
    public void read(@Element FilePart part, MultiOutputReceiver out) throws IOException {
      BatchAssembler rows =
          new BatchAssembler(
              files.sourceOf(part),
              files.placeOf(part),
              batchSize,
              out.get(BATCHES)::output,
              out.get(REJECTED)::output);
      files.read(part, rows);
      rows.finish();
      rowsRead.inc(rows.rows());
      out.get(SIZES).output(new InputSize(rows.rows(), part.partBytes()));
    }
  }
}
