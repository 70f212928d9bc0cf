package io.shelfcast.run;

import io.shelfcast.store.RunStatus;
import io.shelfcast.store.RunSummary;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param summary its row in the ledger
 * @param failure what it failed of, whole; null when it did not
 */
public record RunResult(RunSummary summary, @Nullable Throwable failure) {

  /**
   * For a main class: nothing when the run has succeeded, or was handed to a service that runs it.
   *
   * @throws IllegalStateException when it failed
   */
  public void orThrow() {
    if (summary.status() == RunStatus.FAILED || summary.status() == RunStatus.REFUSED) {
      throw new IllegalStateException(
          "run %s %s: %s".formatted(summary.runId(), summary.status().word(), summary.error()),
          failure);
    }
  }
}
