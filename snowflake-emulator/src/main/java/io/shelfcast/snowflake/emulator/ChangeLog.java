package io.shelfcast.snowflake.emulator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the tables that are tracked: each row that came or went, with the time of its
 * commit. A side table for each, as the rows are and METADATA$ columns beside them.
 */
final class ChangeLog {

  private final Warehouse warehouse;

  ChangeLog(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Sets how far back a table can be asked for. */
  void retention(TableName table, int days) {
    settings(table, "RETENTION_TIME", days);
  }

  /** From now on. */
  void track(TableName table, Instant since) {
    settings(table, "TRACKED_SINCE", since.atOffset(ZoneOffset.UTC));
    run(
        connection ->
            execute(
                connection,
                """
                CREATE TABLE %s AS SELECT *, '' AS "METADATA$ACTION", ''
                  AS "METADATA$ROW_ID", TIMESTAMPTZ '%s' AS COMMITTED, 0 AS STEP FROM %s LIMIT 0"""
                    .formatted(log(table), since, table.sql())));
  }

  /** Rows as a query gives them, committed at a time. */
  void insert(TableName table, Instant at, String query) {
    run(
        connection -> {
          long before = maxRowId(connection, table);
          execute(connection, "INSERT INTO %s %s".formatted(table.sql(), query));
          record(connection, table, at, "INSERT", 1, "rowid > " + before);
        });
  }

  void delete(TableName table, Instant at, String condition) {
    run(
        connection -> {
          record(connection, table, at, "DELETE", 0, condition);
          execute(connection, "DELETE FROM %s WHERE %s".formatted(table.sql(), condition));
        });
  }

  void update(TableName table, Instant at, String assignments, String condition) {
    run(
        connection -> {
          execute(
              connection,
              "CREATE OR REPLACE TEMP TABLE TOUCHED AS SELECT rowid AS ID FROM %s WHERE %s"
                  .formatted(table.sql(), condition));
          String touched = "rowid IN (SELECT ID FROM TOUCHED)";
          record(connection, table, at, "DELETE", 0, touched);
          execute(
              connection, "UPDATE %s SET %s WHERE %s".formatted(table.sql(), assignments, touched));
          record(connection, table, at, "INSERT", 1, touched);
        });
  }

  /** The query of what has changed after one time and until another, as a net of both. */
  String select(TableName table, Instant after, Instant until, Instant now) {
    Settings settings = settings(table);
    if (after.isBefore(now.minus(Duration.ofDays(settings.retentionDays)))) {
      throw new SqlFailure(
          "000707",
          "02000",
          "Time travel data is not available for table %s. The requested time is either beyond "
                  .formatted(table.name())
              + "the allowed time travel period or before the object creation time.");
    }
    if (settings.trackedSince == null || after.isBefore(settings.trackedSince)) {
      throw new SqlFailure(
          "000707",
          "02000",
          "Change tracking is not enabled or has been missing for the time range requested on "
              + "table '%s'.".formatted(table.name()));
    }
    return """
        SELECT * EXCLUDE (COMMITTED, STEP, FIRST_ACTION, LAST_ACTION, N, M),
          FIRST_ACTION = 'DELETE' AND LAST_ACTION = 'INSERT' AS "METADATA$ISUPDATE"
        FROM (SELECT *,
            FIRST_VALUE("METADATA$ACTION") OVER early AS FIRST_ACTION,
            FIRST_VALUE("METADATA$ACTION") OVER late AS LAST_ACTION,
            ROW_NUMBER() OVER early AS N, ROW_NUMBER() OVER late AS M
          FROM %s WHERE COMMITTED > TIMESTAMPTZ '%s' AND COMMITTED <= TIMESTAMPTZ '%s'
          WINDOW early AS (PARTITION BY "METADATA$ROW_ID" ORDER BY COMMITTED, STEP),
            late AS (PARTITION BY "METADATA$ROW_ID" ORDER BY COMMITTED DESC, STEP DESC))
        WHERE N = 1 AND "METADATA$ACTION" = 'DELETE' OR M = 1 AND "METADATA$ACTION" = 'INSERT'"""
        .formatted(log(table), after, until);
  }

  private static String log(TableName table) {
    return "memory.main.\"CHANGES OF %s\"".formatted(table.sql().replace("\"", ""));
  }

  private static void record(
      Connection connection, TableName table, Instant at, String action, int step, String condition)
      throws SQLException {
    execute(
        connection,
        """
        INSERT INTO %s SELECT *, '%s', md5('%s' || rowid), TIMESTAMPTZ '%s', %d
        FROM %s WHERE %s"""
            .formatted(log(table), action, table.name(), at, step, table.sql(), condition));
  }

  private static long maxRowId(Connection connection, TableName table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COALESCE(MAX(rowid), -1) FROM " + table.sql())) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  private record Settings(int retentionDays, @Nullable Instant trackedSince) {}

  private Settings settings(TableName table) {
    try (Connection connection = warehouse.connect(null, null);
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT COALESCE(RETENTION_TIME, 1), TRACKED_SINCE
                FROM memory.main.TABLE_SETTINGS
                WHERE TABLE_CATALOG = ? AND TABLE_SCHEMA = ? AND TABLE_NAME = ?""")) {
      name(statement, table);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Settings(row.getInt(1), time(row, 2)) : new Settings(1, null);
      }
    } catch (SQLException e) {
      throw Warehouse.failure(e);
    }
  }

  private static @Nullable Instant time(ResultSet row, int i) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(i, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private void settings(TableName table, String column, Object value) {
    run(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  """
                  INSERT INTO memory.main.TABLE_SETTINGS
                    (TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, %1$s) VALUES (?, ?, ?, ?)
                  ON CONFLICT DO UPDATE SET %1$s = excluded.%1$s"""
                      .formatted(column))) {
            name(statement, table);
            statement.setObject(4, value);
            statement.execute();
          }
        });
  }

  private static void name(PreparedStatement statement, TableName table) throws SQLException {
    statement.setString(1, table.database());
    statement.setString(2, table.schema());
    statement.setString(3, table.name());
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }

  private void run(Work work) {
    try (Connection connection = warehouse.connect(null, null)) {
      work.on(connection);
    } catch (SQLException e) {
      throw Warehouse.failure(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A table's full name. */
  record TableName(String database, String schema, String name) {

    static TableName of(List<String> parts, String database, String schema) {
      return switch (parts.size()) {
        case 1 -> new TableName(database, schema, parts.get(0));
        case 2 -> new TableName(database, parts.get(0), parts.get(1));
        case 3 -> new TableName(parts.get(0), parts.get(1), parts.get(2));
        default -> throw SqlFailure.noSuchObject(String.join(".", parts));
      };
    }

    String sql() {
      return String.join(
          ".",
          Arrays.asList(database, schema, name).stream()
              .map(part -> '"' + part.replace("\"", "\"\"") + '"')
              .toList());
    }
  }
}
