package io.shelfcast.scoring;

import java.util.regex.Pattern;

/**
 * Text of others as one printable line of bounded length: a megabyte in an answer must not become a
 * megabyte in a dead letter, nor a NUL, which PostgreSQL does not take in text, part of it, nor a
 * line break a second line of a log.
 */
final class OneLine {

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private OneLine() {}

  static String of(String text, int max) {
    // Cut first: what is far too long need not be looked through. A pair of surrogates that is cut
    // in two leaves one behind, which is unprintable.
    boolean fits = text.length() <= max;
    String kept = fits ? text : text.substring(0, max - 3) + "...";
    return UNPRINTABLE.matcher(kept).replaceAll("?");
  }
}
