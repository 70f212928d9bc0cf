package io.shelfcast.store;

import io.shelfcast.domain.RowCounts;
import org.jspecify.annotations.Nullable;

/**
 * A run in the ledger.
 *
 * @param runId its name
 * @param status where it stands
 * @param counts what became of the rows that it read
 * @param error why it failed; null when it did not
 * @param seconds how long it took, or has taken so far
 */
public record RunSummary(
    String runId, RunStatus status, RowCounts counts, @Nullable String error, double seconds) {

  RunSummary withCounts(RowCounts newCounts) {
    return new RunSummary(runId, status, newCounts, error, seconds);
  }
}
