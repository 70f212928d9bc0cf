package io.shelfcast.store;

import io.shelfcast.quality.GateCheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the ledger knows of a run.
 *
 * @param run the run
 * @param finishedAt when it ended; null while it runs
 * @param startedBy the host and process that started it
 * @param error why it failed or was refused
 * @param swap rows of the old partition that a snapshot took over; rows that were removed
 * @param cost what it cost; nothing while it runs
 * @param gateReason why it was forced through the quality gate
 * @param checks what the gate judged; nothing when it did not
 * @param window what time of its source it read; null when that is not read by time
 * @param watermark up to when its source was read without a gap when it had succeeded
 * @param models what its input looked like, by model version; nothing when it was not looked at
 * @param rejectedExamples for each reason why rows were rejected, what some of them were
 */
public record RunDetails(
    RunLine run,
    @Nullable Instant finishedAt,
    String startedBy,
    @Nullable String error,
    RunSummary.Swap swap,
    RunCost cost,
    @Nullable String gateReason,
    List<GateCheck> checks,
    @Nullable Window window,
    @Nullable Instant watermark,
    List<ProfiledModel> models,
    Map<String, List<String>> rejectedExamples) {

  /**
   * A time, by the source's clock.
   *
   * @param from its start; null: from the first row on
   * @param to its end
   */
  public record Window(@Nullable Instant from, Instant to) {}
}
