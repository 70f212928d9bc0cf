package io.shelfcast.store;

import io.shelfcast.domain.InputKind;
import java.time.Instant;

/**
 * An input that could not be applied, as the database keeps it.
 *
 * @param id its number
 * @param kind what the payload is
 * @param runId the last run that saw it
 * @param source where it was read
 * @param position its place there
 * @param payload the input as it was read
 * @param reason the rule that it broke
 * @param detail what is wrong with it, for people
 * @param firstSeen when it was first rejected
 * @param lastSeen when it was last rejected, or applied
 * @param attempts how often it was tried
 * @param state open, replayed or discarded
 */
public record DeadLetter(
    long id,
    InputKind kind,
    String runId,
    String source,
    long position,
    String payload,
    String reason,
    String detail,
    Instant firstSeen,
    Instant lastSeen,
    int attempts,
    DeadLetterState state) {}
