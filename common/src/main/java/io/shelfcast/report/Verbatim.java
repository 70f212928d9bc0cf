package io.shelfcast.report;

/**
 * Text with its line breaks and in letters of one width, such as a policy or a command.
 *
 * @param text plain; nothing in it is read as markup
 */
public record Verbatim(String text) implements Block {}
