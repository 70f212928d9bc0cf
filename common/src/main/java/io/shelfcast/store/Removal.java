package io.shelfcast.store;

import org.jspecify.annotations.Nullable;

/**
 * How a run that removes scores ended.
 *
 * @param runId its name in the ledger
 * @param modelVersion of which model version; null: of all
 * @param status how it ended
 * @param removed rows that it removed; when it failed, until then
 * @param seconds how long it took
 * @param failure what it failed of; null when it did not
 */
public record Removal(
    String runId,
    @Nullable String modelVersion,
    RunStatus status,
    long removed,
    double seconds,
    @Nullable RuntimeException failure) {}
