package io.shelfcast.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on a connection that may fail as JDBC fails. */
@FunctionalInterface
public interface SqlFunction<T> {
  T apply(Connection connection) throws SQLException;
}
