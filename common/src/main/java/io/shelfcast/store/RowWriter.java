package io.shelfcast.store;

import java.sql.SQLException;

/** Writes rows of one batch, by their place among the rows to be written. */
interface RowWriter {

  /**
   * Writes the rows {@code [from..to)}.
   *
   * @throws SQLException after which nothing of them is to stay
   */
  Outcome write(int from, int to) throws SQLException;

  /**
   * What became of rows that were written; the others changed nothing.
   *
   * @param inserted whose key was new
   * @param updated that replaced another
   */
  record Outcome(long inserted, long updated) {
    static final Outcome NOTHING = new Outcome(0, 0);

    Outcome plus(Outcome other) {
      return new Outcome(inserted + other.inserted, updated + other.updated);
    }
  }
}
