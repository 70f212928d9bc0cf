package io.shelfcast.snowflake;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What time a run reads.
 *
 * @param from its begin; null: all that there is
 * @param to its end, by Snowflake's clock
 */
public record ReadWindow(@Nullable Instant from, Instant to) implements Serializable {}
