package io.shelfcast.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/** A connection, on which one question after the other is asked. For one thread. */
interface Calls extends AutoCloseable {

  /**
   * Asks, and reads the whole answer.
   *
   * @throws IOException when there is no answer, or it is not the right one; the next may be asked
   * @throws SQLException likewise
   */
  void call(long storeId, Question question) throws IOException, SQLException;

  @Override
  void close() throws IOException, SQLException;
}
