package io.shelfcast.outcomes;

/**
 * What came of a run.
 *
 * @param line one line of JSON
 * @param summary lines for people
 * @param isGood false: there is nothing that could be used, such as thresholds that meet the target
 */
public record OutcomeResult(String line, String summary, boolean isGood) {}
