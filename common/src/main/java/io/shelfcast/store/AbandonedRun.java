package io.shelfcast.store;

import io.shelfcast.domain.RowCounts;

/**
 * A run that was found running without its process.
 *
 * @param runId its name
 * @param startedAt when it started
 * @param startedBy the host and process that started it
 * @param counts what it had written
 */
public record AbandonedRun(String runId, String startedAt, String startedBy, RowCounts counts) {}
