package io.shelfcast.store;

import java.time.Instant;

/**
 * A comparison of two model versions that is on record.
 *
 * @param summary one or two lines for people
 */
public record ModelComparison(
    ComparisonKind kind, String candidate, String baseline, Instant comparedAt, String summary) {}
