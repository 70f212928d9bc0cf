package io.shelfcast.store;

import org.jspecify.annotations.Nullable;

/**
 * A run as it starts.
 *
 * @param runId its name in the ledger
 * @param kind what it does
 * @param source what it reads, as the user gave it
 * @param modelVersion the model version of rows that name none
 * @param writeMode how it writes
 * @param attached whether its starter holds a {@link RunLock} until it ends
 * @param startedBy the host and process that started it
 */
public record RunStart(
    String runId,
    RunKind kind,
    String source,
    @Nullable String modelVersion,
    String writeMode,
    boolean attached,
    String startedBy) {}
