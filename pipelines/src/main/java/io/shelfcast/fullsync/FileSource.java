package io.shelfcast.fullsync;

import io.shelfcast.run.RunListener;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/**
 * Score files.
 *
 * @param globs which
 * @param files how they are read
 * @param shards how many parts may be worked on at once; 0: as the runner has it
 * @param batchSize the greatest number of rows of a batch
 */
record FileSource(List<String> globs, ScoreFiles files, int shards, int batchSize)
    implements ScoreSource {

  @Override
  public String name() {
    return String.join(",", globs);
  }

  @Override
  public boolean isIncremental() {
    return false;
  }

  @Override
  public long aboutHowManyRows() {
    return files.aboutHowManyRows(globs);
  }

  @Override
  public Reading read(Pipeline pipeline, String runId, RunListener listener) {
    return new Reading(
        pipeline
            .apply("Find files", FindFiles.matching(globs, files, shards))
            .apply("Read scores", ReadScores.with(files, batchSize)),
        false);
  }
}
