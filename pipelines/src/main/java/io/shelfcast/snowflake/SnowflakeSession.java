package io.shelfcast.snowflake;

import io.shelfcast.domain.Micros;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One login, and what is asked in it. Errors are {@link SnowflakeException}s of one line. */
final class SnowflakeSession implements AutoCloseable {

  private static final String CLOCK = "SELECT DATE_PART(EPOCH_MICROSECOND, CURRENT_TIMESTAMP())";

  private static final String RETENTION =
      "SELECT RETENTION_TIME FROM %s.INFORMATION_SCHEMA.TABLES"
          + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

  private static final Logger LOG = LoggerFactory.getLogger(SnowflakeSession.class);

  private final Connection connection;

  private SnowflakeSession(Connection connection) {
    this.connection = connection;
  }

  static SnowflakeSession open(SnowflakeAccount account) {
    return new SnowflakeSession(new SnowflakeDataSource(account).getConnection());
  }

  /** The columns of a table or query, which is not run. */
  List<SourceColumn> columns(Relation relation) {
    String sql = "SELECT * FROM " + relation.sql() + " s WHERE 1 = 0";
    String what =
        "cannot read "
            + (relation instanceof Relation.Table table ? table.path() : "--snowflakeQuery");
    return asked(
        what,
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet none = statement.executeQuery(sql)) {
            ResultSetMetaData about = none.getMetaData();
            List<SourceColumn> columns = new ArrayList<>();
            for (int i = 1; i <= about.getColumnCount(); i++) {
              columns.add(
                  SourceColumn.of(
                      about.getColumnLabel(i), about.getColumnTypeName(i), about.getScale(i)));
            }
            return columns;
          }
        });
  }

  /** What time it is for Snowflake. */
  Instant clock() {
    return Micros.toInstant(asked("cannot read Snowflake's clock", () -> number(CLOCK)));
  }

  /** About how many rows a query gives; of a whole table Snowflake knows it without reading. */
  long count(Relation relation) {
    return asked(
        "cannot count the rows", () -> number("SELECT COUNT(*) FROM " + relation.sql() + " s"));
  }

  /** How long Snowflake keeps the changes of a table; nothing if it does not say so. */
  Optional<Duration> retention(String database, String schema, String table) {
    return asked(
        "cannot read the retention time of " + table,
        () -> {
          try (PreparedStatement select =
              connection.prepareStatement(RETENTION.formatted(SqlText.quoted(database)))) {
            select.setString(1, schema);
            select.setString(2, table);
            try (ResultSet row = select.executeQuery()) {
              return row.next() && row.getString(1) != null
                  ? Optional.of(Duration.ofDays(row.getLong(1)))
                  : Optional.<Duration>empty();
            }
          }
        });
  }

  /** Unloads; the number of rows. */
  long unload(String copy) {
    return asked("cannot unload from Snowflake", () -> number(copy));
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private static <T> T asked(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw SnowflakeException.of(what, e);
    }
  }

  /** What was asked is answered by then, so that a logout that fails is no failure. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("cannot log out of Snowflake: {}", e.getMessage());
    }
  }
}
