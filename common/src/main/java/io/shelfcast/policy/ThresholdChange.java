package io.shelfcast.policy;

/** What a rule does to the items that it matches: it sets their thresholds, or moves them. */
public sealed interface ThresholdChange permits Thresholds, ThresholdDelta {}
