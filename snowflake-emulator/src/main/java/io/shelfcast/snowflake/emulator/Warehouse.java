package io.shelfcast.snowflake.emulator;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The tables, in a DuckDB in memory, and the functions of Snowflake that DuckDB lacks. */
final class Warehouse implements AutoCloseable {

  private static final Pattern NO_TABLE = Pattern.compile("Table with name (\\S+) does not exist");
  private static final Pattern NO_COLUMN =
      Pattern.compile("column \"?([^\"]+)\"? not found|does not have a column named \"([^\"]+)\"");
  private static final Pattern NO_FUNCTION =
      Pattern.compile("Function with name (\\S+) does not exist");

  private static final List<String> SETUP =
      List.of(
          "SET TimeZone = 'UTC'",
          "SET default_null_order = 'NULLS_LAST_ON_ASC_FIRST_ON_DESC'",
          // The emulator's own: retention and change tracking of each table, by its full name.
          """
          CREATE TABLE TABLE_SETTINGS (
            TABLE_CATALOG VARCHAR, TABLE_SCHEMA VARCHAR, TABLE_NAME VARCHAR,
            RETENTION_TIME INTEGER, TRACKED_SINCE TIMESTAMPTZ,
            PRIMARY KEY (TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME))""",
          """
          CREATE VIEW INFORMATION_SCHEMA_TABLES AS
          SELECT database_name AS TABLE_CATALOG, schema_name AS TABLE_SCHEMA,
            t.table_name AS TABLE_NAME, 'BASE TABLE' AS TABLE_TYPE,
            COALESCE(s.RETENTION_TIME, 1)::DECIMAL(38,0) AS RETENTION_TIME
          FROM duckdb_tables() t LEFT JOIN TABLE_SETTINGS s
            ON s.TABLE_CATALOG = database_name AND s.TABLE_SCHEMA = schema_name
            AND s.TABLE_NAME = t.table_name""",
          """
          CREATE VIEW INFORMATION_SCHEMA_COLUMNS AS
          SELECT database_name AS TABLE_CATALOG, schema_name AS TABLE_SCHEMA,
            table_name AS TABLE_NAME, column_name AS COLUMN_NAME,
            column_index::DECIMAL(38,0) AS ORDINAL_POSITION,
            CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS IS_NULLABLE,
            CASE WHEN data_type LIKE 'DECIMAL%' OR data_type LIKE '%INT%' THEN 'NUMBER'
              WHEN data_type IN ('DOUBLE', 'FLOAT') THEN 'FLOAT'
              WHEN data_type = 'VARCHAR' THEN 'TEXT'
              WHEN data_type = 'TIMESTAMP' THEN 'TIMESTAMP_NTZ'
              WHEN data_type = 'TIMESTAMP WITH TIME ZONE' THEN 'TIMESTAMP_LTZ'
              ELSE data_type END AS DATA_TYPE
          FROM duckdb_columns()""",
          """
          CREATE MACRO TO_TIMESTAMP_LTZ(x) AS
            CASE WHEN TRY_CAST(x::VARCHAR AS BIGINT) IS NULL
              THEN regexp_replace(x::VARCHAR, ' ?([+-][0-9]{2}):?([0-9]{2})$', '\\1:\\2')::TIMESTAMPTZ
              ELSE make_timestamptz(TRY_CAST(x::VARCHAR AS BIGINT) * 1000000) END,
          (x, digits) AS
            make_timestamptz((x::DECIMAL(38,0) * 1000000 / power(10, digits))::BIGINT)""",
          "CREATE MACRO TO_TIMESTAMP_TZ(x) AS TO_TIMESTAMP_LTZ(x), (x, d) AS TO_TIMESTAMP_LTZ(x, d)",
          """
          CREATE MACRO TO_TIMESTAMP_NTZ(x) AS TO_TIMESTAMP_LTZ(x)::TIMESTAMP,
            (x, d) AS TO_TIMESTAMP_LTZ(x, d)::TIMESTAMP""",
          "CREATE MACRO EPOCH_SECOND(x) AS FLOOR(EPOCH(x))::BIGINT",
          "CREATE MACRO IFF(c, a, b) AS CASE WHEN c THEN a ELSE b END",
          "CREATE MACRO NVL(a, b) AS COALESCE(a, b)",
          // Snowflake writes floats and times otherwise than DuckDB.
          """
          CREATE MACRO TO_VARCHAR(x) AS
            CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(x) LIKE 'TIMESTAMP%'
              THEN error('Unsupported feature TO_VARCHAR of ' || typeof(x))::VARCHAR
              ELSE x::VARCHAR END""",
          "CREATE MACRO TO_CHAR(x) AS TO_VARCHAR(x)",
          "CREATE MACRO TO_DOUBLE(x) AS x::DOUBLE",
          "CREATE MACRO TO_NUMBER(x) AS x::DECIMAL(38,0)",
          """
          CREATE MACRO DATEADD(unit, n, x) AS x + CASE unit
            WHEN 'MICROSECOND' THEN to_microseconds(n) WHEN 'MILLISECOND' THEN to_milliseconds(n)
            WHEN 'SECOND' THEN to_seconds(n) WHEN 'MINUTE' THEN to_minutes(n)
            WHEN 'HOUR' THEN to_hours(n) WHEN 'DAY' THEN to_days(n)
            ELSE error('Unsupported feature DATEADD of ' || unit) END""");

  private final DuckDBConnection root;

  Warehouse(String database, String schema) {
    try {
      root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = root.createStatement()) {
        statement.execute("ATTACH ':memory:' AS \"%s\"".formatted(database));
        if (!schema.equals("MAIN")) {
          statement.execute("CREATE SCHEMA \"%s\".\"%s\"".formatted(database, schema));
        }
        for (String sql : SETUP) {
          statement.execute(sql);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot start DuckDB: " + e.getMessage(), e);
    }
  }

  /** A connection of its own that finds names where the session does, then the emulator's. */
  Connection connect(@Nullable String database, @Nullable String schema) throws SQLException {
    Connection connection = root.duplicate();
    if (database != null && schema != null && exists(connection, database, schema)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SET search_path = '\"%s\".\"%s\",memory.main'".formatted(database, schema));
      }
    }
    return connection;
  }

  private static boolean exists(Connection connection, String database, String schema)
      throws SQLException {
    String sql = "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND schema_name = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, database);
      statement.setString(2, schema);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** The value of an expression that is a time. */
  Instant time(String expression) {
    try (Connection connection = connect(null, null);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT CAST(%s AS TIMESTAMPTZ)".formatted(expression))) {
      if (!row.next()) {
        throw new IllegalStateException("no row for " + expression);
      }
      @Nullable OffsetDateTime time = row.getObject(1, OffsetDateTime.class);
      if (time == null) {
        throw SqlFailure.compilation("a time is NULL: " + expression);
      }
      return time.toInstant();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** DuckDB's error as Snowflake would tell it. */
  static SqlFailure failure(SQLException e) {
    String message = String.valueOf(e.getMessage());
    Matcher table = NO_TABLE.matcher(message);
    if (table.find()) {
      return SqlFailure.noSuchObject(table.group(1));
    }
    Matcher column = NO_COLUMN.matcher(message);
    if (column.find()) {
      return SqlFailure.noSuchColumn(column.group(1) == null ? column.group(2) : column.group(1));
    }
    Matcher function = NO_FUNCTION.matcher(message);
    if (function.find()) {
      return SqlFailure.noSuchFunction(function.group(1));
    }
    String line = message.lines().findFirst().orElse("");
    if (line.startsWith("INTERRUPT")) {
      return new SqlFailure("000604", "57014", "SQL execution canceled");
    }
    return line.startsWith("Conversion Error") || line.startsWith("Invalid Input Error")
        ? new SqlFailure("100038", "22018", line)
        : SqlFailure.compilation(line);
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot stop DuckDB: " + e.getMessage(), e);
    }
  }
}
