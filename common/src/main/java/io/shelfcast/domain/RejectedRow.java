package io.shelfcast.domain;

/**
 * An input row that could not be applied, kept whole.
 *
 * @param source the file, topic partition or table that it was read from
 * @param position its place there: a line, a row number, an offset or an id
 * @param payload the row as JSON with the names of the score-row contract: the text as it was read
 *     where it could not be taken in, and the five values that were taken in where a later step
 *     rejected it
 * @param reason the rule that it broke, a snake_case word for programs
 * @param detail what is wrong with it, a sentence for people
 */
public record RejectedRow(
    String source, long position, String payload, String reason, String detail) {}
