package io.shelfcast.store;

import io.shelfcast.comparison.ComparedItems;

/**
 * Items of one segment that were compared.
 *
 * @param liveId whose answer was given
 * @param candidateId whose would have been
 * @param policyVersion which thresholds decided, for both
 */
public record ShadowCount(
    short liveId, short candidateId, int policyVersion, String segment, ComparedItems items) {}
