package io.shelfcast.domain;

/**
 * An input that could not be applied, kept whole.
 *
 * @param kind what the payload is
 * @param source the file, topic partition or table that it was read from
 * @param position its place there: a line, a row number, an offset or an id
 * @param payload the input as JSON with the names of its contract: the text as it was read where it
 *     could not be taken in, and the values that were taken in where a later step rejected it
 * @param reason the rule that it broke, a snake_case word for programs
 * @param detail what is wrong with it, a sentence for people
 */
public record RejectedRow(
    InputKind kind, String source, long position, String payload, String reason, String detail) {

  /** A score row. */
  public RejectedRow(String source, long position, String payload, String reason, String detail) {
    this(InputKind.SCORE_ROW, source, position, payload, reason, detail);
  }
}
