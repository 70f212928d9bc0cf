package io.shelfcast.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A published policy, without its rules.
 *
 * @param version its number, from 1
 * @param publishedAt since when it has been in force
 * @param author who published it, if that was said
 * @param reason why, if that was said
 * @param rules how many it has
 * @param inForce whether it is the one in force
 * @param rollbackTo the policy that its rules were taken from; null: they were new
 * @param flips the share of the served items whose decision it was to change, 0 to 1; null: that
 *     was not counted
 */
public record PolicyLine(
    int version,
    Instant publishedAt,
    @Nullable String author,
    @Nullable String reason,
    int rules,
    boolean inForce,
    @Nullable Integer rollbackTo,
    @Nullable Double flips) {}
