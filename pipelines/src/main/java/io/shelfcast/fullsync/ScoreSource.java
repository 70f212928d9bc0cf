package io.shelfcast.fullsync;

import io.shelfcast.run.RunListener;
import org.apache.beam.sdk.Pipeline;

/** Where the rows of a full sync come from. */
interface ScoreSource {

  /** What the ledger calls it: the same for the same source. */
  String name();

  /** Whether a run reads part of it only; what is in the database is then more than the input. */
  boolean isIncremental();

  /** About how many rows it has; 0 if it does not say, which is then for the pipeline to tell. */
  long aboutHowManyRows();

  /** The rows. */
  ReadScores.Result read(Pipeline pipeline, String runId, RunListener listener);
}
