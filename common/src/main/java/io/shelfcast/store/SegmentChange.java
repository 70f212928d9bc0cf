package io.shelfcast.store;

/**
 * What a load of segments came to.
 *
 * @param rows in the table now
 * @param changed that are new, or have other values than before
 * @param removed that were there before
 */
public record SegmentChange(long rows, long changed, long removed) {}
