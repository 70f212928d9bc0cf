package io.shelfcast.store;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateVerdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of the ledger, as one of many.
 *
 * @param runId its name
 * @param kind what it does
 * @param status where it stands
 * @param modelVersion the model version of rows that name none; or else those that were read, as
 *     far as they are known, with spaces between
 * @param writeMode how it writes
 * @param gate what the quality gate said; null when it was off, or has not been reached
 * @param startedAt when it started
 * @param seconds how long it took, or has taken so far
 * @param counts what became of the rows that it read, so far
 * @param source what it reads
 */
public record RunLine(
    String runId,
    RunKind kind,
    RunStatus status,
    @Nullable String modelVersion,
    String writeMode,
    @Nullable GateVerdict gate,
    Instant startedAt,
    double seconds,
    RowCounts counts,
    String source) {}
