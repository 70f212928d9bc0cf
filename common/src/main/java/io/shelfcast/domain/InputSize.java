package io.shelfcast.domain;

import java.io.Serializable;

/**
 * How much was read.
 *
 * @param rows rows, good and bad
 * @param bytes bytes as they are stored
 */
public record InputSize(long rows, long bytes) implements Serializable {

  public static final InputSize NONE = new InputSize(0, 0);

  public InputSize plus(InputSize other) {
    return new InputSize(rows + other.rows, bytes + other.bytes);
  }
}
