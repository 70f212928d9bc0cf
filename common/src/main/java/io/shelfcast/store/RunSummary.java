package io.shelfcast.store;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateVerdict;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands in the ledger.
 *
 * @param runId its name
 * @param writeMode how it writes
 * @param status where it stands
 * @param counts what became of the rows that it read
 * @param swap what else a snapshot did; null unless one was swapped in
 * @param cost what it cost; nothing while it runs
 * @param error why it failed or was refused; null when it did not
 * @param seconds how long it took, or has taken so far
 * @param gate what the quality gate said; null when it was off, or has not been reached
 */
public record RunSummary(
    String runId,
    String writeMode,
    RunStatus status,
    RowCounts counts,
    @Nullable Swap swap,
    RunCost cost,
    @Nullable String error,
    double seconds,
    @Nullable GateVerdict gate) {

  /**
   * What became of the partition that a snapshot replaced.
   *
   * @param carriedOver its rows that were newer than the input, and are in the new one
   * @param removed its rows that the input did not have and that were not newer
   */
  public record Swap(long carriedOver, long removed) {}

  /** A run that nothing is known of but that it failed. */
  public static RunSummary failed(String runId, String writeMode, String error, double seconds) {
    return new RunSummary(
        runId,
        writeMode,
        RunStatus.FAILED,
        RowCounts.NONE,
        null,
        RunCost.NONE,
        error,
        seconds,
        null);
  }

  RunSummary withCounts(RowCounts newCounts) {
    return new RunSummary(runId, writeMode, status, newCounts, swap, cost, error, seconds, gate);
  }

  /** Whether it ended as it was to end, and not by failing: then it is not ended again. */
  boolean isOver() {
    return status == RunStatus.SUCCEEDED || status == RunStatus.REFUSED;
  }

  /** Whether the quality gate said that it must not become visible. */
  boolean isToBeRefused() {
    return gate == GateVerdict.REFUSED;
  }
}
