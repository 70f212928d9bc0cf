package io.shelfcast.fullsync;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.RowRules;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.fs.MatchResult;

/** Reads score files as full sync does, but without a pipeline, for those who want them here. */
public final class ScoreFileReader {

  private static final int BATCH_SIZE = 10_000;

  private ScoreFileReader() {}

  /**
   * Gives the rows of all files that the globs match whose values can be read; whether they are
   * good ones is for the caller to see, as it is for the pipeline.
   *
   * @param rules the row rules, for text
   * @throws java.io.FileNotFoundException when one of the globs matches no file
   * @throws InputException when a file cannot be read, or lacks a column
   */
  public static void read(List<String> globs, RowRules rules, Consumer<ScoreBatch> batches)
      throws IOException {
    ScoreFiles files = new ScoreFiles(ColumnMapping.parse(null), null, rules);
    for (MatchResult.Metadata file : ScoreFiles.find(globs)) {
      for (FilePart part : files.parts(file)) {
        BatchAssembler rows =
            new BatchAssembler(
                part.file(), String.valueOf(part.index()), BATCH_SIZE, batches, rejected -> {});
        files.read(part, rows);
        rows.finish();
      }
    }
  }
}
