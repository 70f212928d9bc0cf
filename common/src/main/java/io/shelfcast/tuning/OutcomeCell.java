package io.shelfcast.tuning;

/**
 * Outcomes as they are counted.
 *
 * @param segment of the items, as far as their values are known
 * @param storeGroup of the stores, as {@link StoreGroups} has it
 * @param isLast whether they are of the last part of the time
 * @param outcomes by score
 */
public record OutcomeCell(
    Segment segment, int storeGroup, boolean isLast, ScoreHistogram outcomes) {}
