package io.shelfcast.tuning;

import io.shelfcast.policy.Thresholds;

/**
 * The thresholds proposed for a segment, and what they make of the outcomes that they decide: those
 * of the segment, without those of its segments that have thresholds of their own.
 *
 * @param segment which
 * @param thresholds {@code out} 1: nothing of it is to be shown
 * @param evidence how many outcomes it has, with those of all its segments
 * @param shown those not {@code OUT}
 * @param inStock those {@code IN_STOCK}
 */
public record TunedSegment(
    Segment segment, Thresholds thresholds, long evidence, Shown shown, Shown inStock) {}
