package io.shelfcast.run;

import io.shelfcast.store.AbandonedRun;

/** Hears of the course of a run, to tell a person. */
public interface RunListener {

  /** For those who do not listen. */
  RunListener SILENT = new RunListener() {};

  /** An earlier run was found whose process is gone; it is marked as failed now. */
  default void abandonedRunFound(AbandonedRun run) {}

  /** The run is in the ledger. */
  default void started(String runId) {}
}
