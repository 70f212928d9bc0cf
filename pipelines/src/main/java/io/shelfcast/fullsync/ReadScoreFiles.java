package io.shelfcast.fullsync;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.RowRules;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.ValidateScores;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/** Reads and validates score files as full sync does, for pipelines that do not write them. */
public final class ReadScoreFiles extends PTransform<PBegin, Checked<ScoreBatch>> {
  private static final long serialVersionUID = 1L;

  private static final int BATCH_SIZE = 10_000;

  private final List<String> globs;
  private final ScoreFiles files;

  private ReadScoreFiles(List<String> globs, ScoreFiles files) {
    this.globs = List.copyOf(globs);
    this.files = files;
  }

  /**
   * The rows of the files that the globs match.
   *
   * @param columns what columns are called, as {@code --columns} has it; null: as in the contract
   * @param defaultModelVersion the model version of rows that name none; null: there has to be a
   *     column
   * @param rules the row rules
   */
  public static ReadScoreFiles matching(
      List<String> globs,
      @Nullable List<String> columns,
      @Nullable String defaultModelVersion,
      RowRules rules) {
    return new ReadScoreFiles(
        globs, new ScoreFiles(ColumnMapping.parse(columns), defaultModelVersion, rules));
  }

  @Override
  public Checked<ScoreBatch> expand(PBegin input) {
    ReadScores.Result rows =
        input
            .apply("Find files", FindFiles.matching(globs, files, 0))
            .apply("Read scores", ReadScores.with(files, BATCH_SIZE));
    Checked<ScoreBatch> valid =
        rows.batches().apply("Validate scores", ValidateScores.with(files.rules()));
    PCollection<RejectedRows> rejected =
        PCollectionList.of(List.of(rows.rejected(), valid.rejected()))
            .apply("All rejected rows", Flatten.pCollections());
    return valid.withRejected(rejected);
  }
}
