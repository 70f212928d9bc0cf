package io.shelfcast.run;

import io.shelfcast.store.AbandonedRun;
import io.shelfcast.store.Removal;
import java.util.List;

/** Hears of the course of a run, to tell a person. */
public interface RunListener {

  /** For those who do not listen. */
  RunListener SILENT = new RunListener() {};

  /** An earlier run was found whose process is gone; it is marked as failed now. */
  default void abandonedRunFound(AbandonedRun run) {}

  /** What runs that are over had left behind was dropped: these tables. */
  default void leftoversDropped(List<String> tables) {}

  /** The partition of a model version whose grace period is over was dropped, or was to be. */
  default void retiredDropped(Removal removal) {}

  /** What the run will do, and why, where that was its own choice. */
  default void decided(String what) {}

  /** The run is in the ledger. */
  default void started(String runId) {}
}
