package io.shelfcast.report;

import static io.shelfcast.report.NumberText.drawable;

/**
 * A straight line to compare with.
 *
 * @param kind which way it runs
 * @param at where it meets the axis; nothing for the diagonal
 * @param label what it stands for
 */
public record Reference(Kind kind, double at, String label) {

  /** Which way a reference runs. */
  public enum Kind {
    /** The same y everywhere, such as a target. */
    HORIZONTAL,
    /** The same x everywhere. */
    VERTICAL,
    /** Where x and y are the same, such as predicted and observed. */
    DIAGONAL
  }

  public Reference {
    drawable(at, "reference '%s'".formatted(label));
  }

  /** Along one y, such as a target. */
  public static Reference horizontal(double y, String label) {
    return new Reference(Kind.HORIZONTAL, y, label);
  }

  /** Along one x. */
  public static Reference vertical(double x, String label) {
    return new Reference(Kind.VERTICAL, x, label);
  }

  /** Where x and y are the same. */
  public static Reference diagonal(String label) {
    return new Reference(Kind.DIAGONAL, 0, label);
  }
}
