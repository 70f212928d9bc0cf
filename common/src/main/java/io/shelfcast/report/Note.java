package io.shelfcast.report;

/**
 * Text that is not to be missed.
 *
 * @param kind what the reader is to make of it
 * @param text plain; nothing in it is read as markup
 */
public record Note(Kind kind, String text) implements Block {

  /** What a reader is to make of a note. */
  public enum Kind {
    /** Good to know. */
    NOTE("Note"),
    /** The numbers may not mean what they seem to. */
    WARNING("Warning");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Something good to know. */
  public static Note of(String text) {
    return new Note(Kind.NOTE, text);
  }

  /** Something that makes the numbers doubtful. */
  public static Note warning(String text) {
    return new Note(Kind.WARNING, text);
  }
}
