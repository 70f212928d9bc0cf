package io.shelfcast.store;

/**
 * Which content the tables of segments have: a number that goes up with each load that changes
 * something.
 *
 * @param stores of the table of stores
 * @param products of the table of products
 */
public record SegmentVersions(long stores, long products) {}
