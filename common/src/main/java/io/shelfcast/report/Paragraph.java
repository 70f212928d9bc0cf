package io.shelfcast.report;

/**
 * Running text.
 *
 * @param text plain; nothing in it is read as markup
 */
public record Paragraph(String text) implements Block {}
