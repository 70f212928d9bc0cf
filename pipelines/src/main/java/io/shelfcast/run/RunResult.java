package io.shelfcast.run;

import io.shelfcast.store.RunSummary;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param summary its row in the ledger
 * @param failure what it failed of, whole; null when it did not
 */
public record RunResult(RunSummary summary, @Nullable Throwable failure) {}
