package io.shelfcast.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes elements that a browser reads as HTML and an XML parser reads as XML, whatever text stands
 * in them. Names of elements and attributes are constants of this package; only values and texts
 * are escaped.
 */
final class Markup {

  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  Markup() {
    out.append("<!DOCTYPE html>\n");
  }

  /**
   * Opens an element.
   *
   * @param attributes name, value, name, value …
   */
  Markup start(String element, String... attributes) {
    tag(element, attributes);
    out.append('>');
    open.push(element);
    return this;
  }

  /** Closes what was opened last. */
  Markup end() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element with nothing but a text in it. */
  Markup element(String element, String text, String... attributes) {
    return start(element, attributes).text(text).end();
  }

  /**
   * An element that can have no content: in HTML one of the void elements, such as {@code meta}, in
   * SVG any.
   */
  Markup empty(String element, String... attributes) {
    tag(element, attributes);
    out.append("/>");
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** A text from data, whose direction of writing does not reach what stands around it. */
  Markup isolated(String text) {
    return element("bdi", text);
  }

  /** A line feed between elements, for those who read the source. */
  Markup line() {
    out.append('\n');
    return this;
  }

  /** A style sheet of this package, which must hold no {@code <} and no {@code &}. */
  Markup style(String css) {
    out.append("<style>\n").append(css).append("</style>");
    return this;
  }

  /** All that was written. */
  String document() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out.toString();
  }

  private void tag(String element, String[] attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("an attribute of <%s> has no value".formatted(element));
    }
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      switch (character) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\r' -> {
          // Windows ends lines by two characters; an XML parser makes one of them too.
          if (!text.startsWith("\n", i + 1)) {
            out.append('\n');
          }
        }
        default -> out.appendCodePoint(readable(character) ? character : REPLACEMENT);
      }
      i += Character.charCount(character);
    }
  }

  /**
   * Not so: controls and halves of surrogate pairs, which no XML may hold, and marks that turn the
   * direction of writing, with which a name could seem to be another one.
   */
  private static boolean readable(int character) {
    return character == '\n'
        || character == '\t'
        || !(Character.isISOControl(character)
            || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)
            || (character & 0xFFFE) == 0xFFFE
            || (character >= 0xFDD0 && character <= 0xFDEF)
            || (character >= 0x202A && character <= 0x202E)
            || (character >= 0x2066 && character <= 0x2069));
  }
}
