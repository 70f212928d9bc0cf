package io.shelfcast.outcomes;

import io.shelfcast.tuning.Segment;

/**
 * What outcomes are counted by.
 *
 * @param segment of the items
 * @param storeGroup of the stores
 * @param model which of the model versions
 * @param isLast whether they are of the last part of the time, by which what the first part
 *     proposes is checked
 */
record HistogramKey(Segment segment, int storeGroup, int model, boolean isLast) {}
