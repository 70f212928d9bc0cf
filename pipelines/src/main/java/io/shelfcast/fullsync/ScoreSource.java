package io.shelfcast.fullsync;

import io.shelfcast.run.RunListener;
import org.apache.beam.sdk.Pipeline;

/** Where the rows of a full sync come from. */
interface ScoreSource {

  /** What the ledger calls it: the same for the same source. */
  String name();

  /** Whether it is to be read in part, where that is possible. */
  boolean isIncremental();

  /** About how many rows it has; 0 if it does not say, which is then for the pipeline to tell. */
  long aboutHowManyRows();

  /** Reads. */
  Reading read(Pipeline pipeline, String runId, RunListener listener);

  /**
   * What a run reads.
   *
   * @param rows its rows
   * @param isIncrement whether they are only what changed since a time; a run of an incremental
   *     source may have to read all
   */
  record Reading(ReadScores.Result rows, boolean isIncrement) {}
}
