package io.shelfcast.report;

/**
 * One cell of a {@link Table}.
 *
 * @param kind how it is set
 * @param text what stands in it; nothing in it is read as markup
 */
public record Cell(Kind kind, String text) {

  /** How a cell is set. */
  public enum Kind {
    /** On the left. */
    TEXT,
    /** On the right, digit below digit. */
    NUMBER,
    /** A verdict, with a sign beside its word. */
    GOOD,
    /** A verdict, with a sign beside its word. */
    BAD,
    /** A verdict that could not be reached, with a sign beside its word. */
    OPEN
  }

  /** A text. */
  public static Cell text(String text) {
    return new Cell(Kind.TEXT, text);
  }

  /** A whole number. */
  public static Cell count(long value) {
    return new Cell(Kind.NUMBER, NumberText.count(value));
  }

  /**
   * A number, as {@link NumberText#fixed(double, int)} writes it.
   *
   * @throws IllegalArgumentException when it is not finite; then hand in {@link #none()}
   */
  public static Cell number(double value, int digits) {
    return new Cell(Kind.NUMBER, NumberText.fixed(value, digits));
  }

  /**
   * A share in percent.
   *
   * @throws IllegalArgumentException when it is not finite; then hand in {@link #none()}
   */
  public static Cell percent(double share, int digits) {
    return new Cell(Kind.NUMBER, NumberText.percent(share, digits));
  }

  /**
   * A share in percent with its interval: {@code 90.1 % (89.2–91.0)}.
   *
   * @throws IllegalArgumentException when one of them is not finite, or low is above high
   */
  public static Cell percent(double share, double low, double high, int digits) {
    return new Cell(Kind.NUMBER, NumberText.percent(share, low, high, digits));
  }

  /** In place of a number that does not exist. */
  public static Cell none() {
    return new Cell(Kind.NUMBER, "\u2013");
  }

  /** A good verdict, such as "met". */
  public static Cell good(String word) {
    return new Cell(Kind.GOOD, word);
  }

  /** A bad verdict, such as "missed". */
  public static Cell bad(String word) {
    return new Cell(Kind.BAD, word);
  }

  /** No verdict, and why, such as "too few rows". */
  public static Cell open(String word) {
    return new Cell(Kind.OPEN, word);
  }
}
