package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements and their results, as Snowflake's driver sees them. */
class QueriesTest {

  private final SnowflakeEmulator snowflake = Client.emulator().start();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    snowflake.execute(
        """
        CREATE TABLE SCORES (STORE_ID NUMBER(38,0), PRODUCT_ID NUMBER(18,0), SCORE FLOAT,
          NOTE VARCHAR(20), ACTIVE BOOLEAN, DAY DATE, MADE TIMESTAMP_NTZ(9),
          SCORED_AT TIMESTAMP_LTZ(9), PRICE NUMBER(10,2))""");
    snowflake.execute(
        """
        INSERT INTO SCORES VALUES
          (1, 11, 0.25, 'it''s % C:\\x', true, DATE '2026-03-01', TIMESTAMP '2026-03-01 10:00:00.5',
            TIMESTAMPTZ '2026-03-01 10:00:00.123456+02', 1.50),
          (2, 12, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"""
            .replace("\\x", "\\\\x"));
    connection = Client.connect(snowflake);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    snowflake.close();
  }

  @Test
  void valuesComeAsTheTypesThatSnowflakeGivesThem() throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select * from scores order by store_id")) {
      assertEquals(
          List.of(
              "STORE_ID NUMBER",
              "PRODUCT_ID NUMBER",
              "SCORE DOUBLE",
              "NOTE VARCHAR",
              "ACTIVE BOOLEAN",
              "DAY DATE",
              "MADE TIMESTAMPNTZ",
              "SCORED_AT TIMESTAMPLTZ",
              "PRICE NUMBER"),
          Client.types(rows.getMetaData()));
      assertEquals(18, rows.getMetaData().getPrecision(2));
      assertEquals(2, rows.getMetaData().getScale(9));
      assertTrue(rows.next());
      assertEquals(1, rows.getLong(1));
      assertEquals(0.25, rows.getDouble(3));
      assertEquals("it's % C:\\x", rows.getString(4));
      assertTrue(rows.getBoolean(5));
      assertEquals("2026-03-01", rows.getString(6));
      assertEquals(Instant.parse("2026-03-01T08:00:00.123456Z"), rows.getTimestamp(8).toInstant());
      assertEquals("1.50", rows.getString(9));
      assertTrue(rows.next());
      assertEquals(null, rows.getTimestamp(8));
    }
  }

  @Test
  void bindingsOfEachKindFindTheirRow() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT COUNT(*) FROM SCORES WHERE STORE_ID = ? AND SCORE = ? AND NOTE = ?"
                + " AND ACTIVE = ? AND SCORED_AT = ?")) {
      statement.setLong(1, 1);
      statement.setDouble(2, 0.25);
      statement.setString(3, "it's % C:\\x");
      statement.setBoolean(4, true);
      statement.setTimestamp(
          5, java.sql.Timestamp.from(Instant.parse("2026-03-01T08:00:00.123456Z")));
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
      }
    }
  }

  @Test
  void aQueryIsDescribedWithoutItsRows() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT STORE_ID AS s, SCORE FROM SCORES WHERE STORE_ID > ?")) {
      assertEquals(List.of("S NUMBER", "SCORE DOUBLE"), Client.types(statement.getMetaData()));
      assertEquals(1, statement.getParameterMetaData().getParameterCount());
    }
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT * FROM (SELECT NOTE FROM SCORES) WHERE 1=0")) {
      assertEquals(List.of("NOTE VARCHAR"), Client.types(rows.getMetaData()));
    }
  }

  @Test
  void textIsEncodedAndTimesAreCountedAsTheSourceAsksFor() throws SQLException {
    assertEquals(
        List.of("it's %25 C:%5Cx|1772352000123456", "%N|null"),
        Client.rows(
            connection,
            "SELECT COALESCE(REPLACE(REPLACE(NOTE,'%','%25'),CHR(92),'%5C'),'%N'),"
                + " CAST(DATE_PART(EPOCH_MICROSECOND, SCORED_AT) AS NUMBER(38,0))"
                + " FROM AVAILABILITY.PUBLIC.\"SCORES\" ORDER BY STORE_ID"));
  }

  @Test
  void nothingIsGreaterThanAnythingInAnOrder() throws SQLException {
    assertEquals(
        List.of("null|2", "0.25|1"),
        Client.rows(
            connection,
            "SELECT SCORE, TO_VARCHAR(STORE_ID) FROM SCORES // a comment\n ORDER BY SCORE DESC"));
  }

  @Test
  void timesComeFromTextAndFromTheEmulatorsClock() throws SQLException {
    snowflake.clock(InstantSource.fixed(Instant.parse("2026-03-02T00:00:00.000001Z")));
    assertEquals(
        List.of("1|86400000001"),
        Client.rows(
            connection,
            "SELECT COUNT(*), MAX(DATE_PART(EPOCH_MICROSECOND, CURRENT_TIMESTAMP()))"
                + " - DATE_PART('epoch_microsecond', '2026-03-01T00:00:00Z'::TIMESTAMP_TZ)"
                + " FROM SCORES WHERE SCORED_AT < CURRENT_TIMESTAMP"
                + " AND SCORED_AT >= TO_TIMESTAMP_LTZ('2026-03-01 08:00:00.123456 +0000')"
                + " AND SCORED_AT > DATEADD(MINUTE, -1, '2026-03-01T08:00:00Z'::TIMESTAMP_LTZ)"));
  }

  @Test
  void parametersOfASessionAreSetAndShown() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "ALTER SESSION SET QUERY_TAG = 'shelfcast', STATEMENT_TIMEOUT_IN_SECONDS = 60");
    }
    assertEquals(
        List.of("QUERY_TAG|shelfcast||SESSION"),
        Client.rows(connection, "SHOW PARAMETERS LIKE 'query_tag' IN SESSION"));
    assertFails("ALTER SESSION SET NO_SUCH = 1", 1003, "invalid property 'NO_SUCH'");
  }

  @Test
  void errorsAreSnowflakes() {
    assertFails("SELECT * FROM NOWHERE", 2003, "Object 'NOWHERE' does not exist or not authorized");
    assertFails("SELECT NOTHING FROM SCORES", 904, "invalid identifier 'NOTHING'");
    assertFails("SELECT read_parquet('x')", 2140, "Unknown function READ_PARQUET");
    assertFails("SELECT 2 ** 3", 1003, "unexpected '*'");
    assertFails("SELECT STORE_ID:x FROM SCORES", 1003, "unexpected ':'");
    assertFails("SELECT TO_VARCHAR(SCORE) FROM SCORES", 100038, "Unsupported feature TO_VARCHAR");
    assertFails("SELECT 1 +", 1003, "SQL compilation error");
    assertFails("MERGE INTO SCORES", 2, "Unsupported feature 'MERGE'");
    assertFails("SELECT CAST('x' AS NUMBER(38,0))", 100038, "x");
  }

  @Test
  void theInformationSchemaNamesTablesAndColumns() throws SQLException {
    snowflake.retention("SCORES", 3);
    assertEquals(
        List.of("3"),
        Client.rows(
            connection,
            "SELECT RETENTION_TIME FROM AVAILABILITY.INFORMATION_SCHEMA.TABLES"
                + " WHERE TABLE_SCHEMA = 'PUBLIC' AND TABLE_NAME = 'SCORES'"));
    assertEquals(
        List.of("STORE_ID|NUMBER", "SCORE|FLOAT"),
        Client.rows(
            connection,
            "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS"
                + " WHERE TABLE_NAME = 'SCORES' AND COLUMN_NAME IN ('STORE_ID', 'SCORE')"
                + " ORDER BY ORDINAL_POSITION"));
  }

  private void assertFails(String sql, int code, String message) {
    SQLException e = assertThrows(SQLException.class, () -> Client.rows(connection, sql));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(code, e.getErrorCode());
  }
}
