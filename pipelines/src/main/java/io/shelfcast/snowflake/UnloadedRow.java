package io.shelfcast.snowflake;

import org.jspecify.annotations.Nullable;

/**
 * A row of an unload as text, decoded; null where there was NULL.
 *
 * @param scoredAt text, or whole microseconds since 1970, by the column's type
 */
public record UnloadedRow(
    @Nullable String storeId,
    @Nullable String productId,
    @Nullable String modelVersion,
    @Nullable String score,
    @Nullable String scoredAt) {}
