package io.shelfcast.domain;

/**
 * A batch whose model version was found in the registry.
 *
 * @param modelVersionId the number that stands for {@link ScoreBatch#modelVersion()} in the
 *     database
 * @param scores the rows
 */
public record TaggedScores(short modelVersionId, ScoreBatch scores) {}
