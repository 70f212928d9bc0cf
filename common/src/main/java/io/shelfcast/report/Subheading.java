package io.shelfcast.report;

/**
 * A heading within a section.
 *
 * @param text plain; nothing in it is read as markup
 */
public record Subheading(String text) implements Block {}
