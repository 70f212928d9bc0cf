package io.shelfcast.store;

import java.sql.SQLException;

/** The partition to write to was dropped: its model version was retired. */
final class PartitionGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private PartitionGoneException(SQLException cause) {
    super("the model version was retired, and its partition dropped", cause);
  }

  /** If that is what the error of a statement that only names the partition says. */
  static SQLException orElse(SQLException error) {
    if ("42P01".equals(error.getSQLState())) {
      throw new PartitionGoneException(error);
    }
    return error;
  }
}
