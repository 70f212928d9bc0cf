package io.shelfcast.fullsync;

import io.shelfcast.snowflake.PlannedUnload;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PBegin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unloads rows as Parquet, reads the files as score files are read, and deletes them when all are
 * read. Files and row groups name the batches, as ever: what comes after the unload can be tried
 * again, and one that is itself tried again makes other files.
 */
final class ReadParquetUnload extends PTransform<PBegin, ReadScores.Result> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ReadParquetUnload.class);

  private final PlannedUnload plan;
  private final String runId;
  private final ScoreFiles files;
  private final int shards;
  private final int batchSize;

  ReadParquetUnload(PlannedUnload plan, String runId, ScoreFiles files, int shards, int batchSize) {
    this.plan = plan;
    this.runId = runId;
    this.files = files;
    this.shards = shards;
    this.batchSize = batchSize;
  }

  @Override
  public ReadScores.Result expand(PBegin input) {
    ReadScores.Result rows =
        input
            .apply("Start", Impulse.create())
            .apply("Unload rows", ParDo.of(new Unload(plan, runId, files)))
            .setCoder(FilePartCoder.of())
            .apply("Spread parts", FindFiles.spread(shards))
            .apply("Read scores", ReadScores.with(files, batchSize));
    input
        .apply("Unloaded files", Create.of(plan.folder(runId)).withCoder(StringUtf8Coder.of()))
        .apply("After reading", Wait.on(rows.sizes()))
        .apply("Delete files", ParDo.of(new DeleteFiles()));
    return rows;
  }

  private static final class Unload extends DoFn<byte[], FilePart> {
    private static final long serialVersionUID = 1L;

    private final PlannedUnload plan;
    private final String runId;
    private final ScoreFiles files;

    Unload(PlannedUnload plan, String runId, ScoreFiles files) {
      this.plan = plan;
      this.runId = runId;
      this.files = files;
    }

    @ProcessElement
    public void unload(OutputReceiver<FilePart> out) throws IOException, InterruptedException {
      String glob = plan.unload(runId);
      if (glob != null) {
        FindFiles.parts(List.of(glob), files).forEach(out::output);
      }
    }
  }

  private static final class DeleteFiles extends DoFn<String, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void delete(@Element String folder) {
      try {
        MatchResult found = FileSystems.match(folder + "**", EmptyMatchTreatment.ALLOW);
        FileSystems.delete(
            found.metadata().stream().map(MatchResult.Metadata::resourceId).toList(),
            StandardMoveOptions.IGNORE_MISSING_FILES);
      } catch (IOException e) {
        // All rows are read by now: it would be wrong to fail the run of files that the bucket's
        // lifecycle rule deletes as well.
        LOG.warn("cannot delete the unloaded files in {}: {}", folder, e.getMessage());
      }
    }
  }
}
