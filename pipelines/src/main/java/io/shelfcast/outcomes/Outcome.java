package io.shelfcast.outcomes;

import org.jspecify.annotations.Nullable;

/**
 * What a shopper found.
 *
 * @param orderId of which order; null: the file does not say, and so cannot say it twice
 * @param productId which product, in the store that the outcome stands under
 * @param orderedAtMicros when it was ordered: the score of that time is what it is held against
 * @param found whether it was there
 */
record Outcome(@Nullable String orderId, long productId, long orderedAtMicros, boolean found) {}
