package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What CHANGES tells of a table that is tracked. */
class ChangesTest {

  private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

  private final SnowflakeEmulator snowflake = Client.emulator().start();
  private Connection connection;

  @BeforeEach
  void trackATable() throws SQLException {
    snowflake.execute("CREATE TABLE T (ID NUMBER(38,0), NOTE VARCHAR)");
    snowflake.execute("INSERT INTO T VALUES (0, 'before')");
    at(0);
    snowflake.trackChanges("T");
    snowflake.insertAt(hour(1), "T", "VALUES (1, 'one'), (2, 'two')");
    snowflake.updateAt(hour(2), "T", "NOTE = 'ONE'", "ID = 1");
    snowflake.deleteAt(hour(3), "T", "ID = 2");
    snowflake.insertAt(hour(4), "AVAILABILITY.PUBLIC.T", "VALUES (4, 'four')");
    at(5);
    connection = Client.connect(snowflake);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    snowflake.close();
  }

  @Test
  void aWindowHoldsWhatWasCommittedAfterItsStartUntilItsEnd() throws SQLException {
    assertEquals(List.of("1|one|INSERT|FALSE", "2|two|INSERT|FALSE"), changes(0, 1));
    assertEquals(List.of(), changes(4, 5));
    assertEquals(List.of("4|four|INSERT|FALSE"), changes(3, 4));
  }

  @Test
  void anUpdateIsADeletionAndAnInsertion() throws SQLException {
    assertEquals(List.of("1|ONE|INSERT|TRUE", "1|one|DELETE|TRUE"), changes(1, 2));
  }

  @Test
  void onlyTheNetOfAWindowIsTold() throws SQLException {
    assertEquals(List.of("1|ONE|INSERT|FALSE", "4|four|INSERT|FALSE"), changes(0, 5));
    assertEquals(List.of("2|two|DELETE|FALSE"), changes(2, 3));
  }

  @Test
  void withoutAnEndAWindowReachesUntilNow() throws SQLException {
    assertEquals(
        List.of("4"),
        Client.rows(
            connection,
            "SELECT s.ID FROM T CHANGES(INFORMATION => DEFAULT) AT(TIMESTAMP =>"
                + " DATEADD(HOUR, -2, CURRENT_TIMESTAMP())) s WHERE METADATA$ACTION = 'INSERT'"));
  }

  @Test
  void theTableItselfIsAsItWasLeft() throws SQLException {
    assertEquals(
        List.of("0|before", "1|ONE", "4|four"),
        Client.rows(connection, "SELECT * FROM T ORDER BY ID"));
  }

  @Test
  void beforeItsRetentionATableIsNotKnown() throws SQLException {
    at(30);
    assertFails("Time travel data is not available for table T", 0);
    snowflake.retention("T", 2);
    assertEquals(2, changes(0, 1).size());
  }

  @Test
  void withoutTrackingThereAreNoChanges() {
    snowflake.execute("CREATE OR REPLACE TABLE U AS SELECT * FROM T");
    SQLException e =
        assertThrows(SQLException.class, () -> Client.rows(connection, sql("U", 1, 2)));
    assertTrue(e.getMessage().contains("Change tracking is not enabled"), e.getMessage());
    snowflake.trackChanges("U");
    e = assertThrows(SQLException.class, () -> Client.rows(connection, sql("U", 1, 2)));
    assertTrue(e.getMessage().contains("has been missing for the time range"), e.getMessage());
  }

  private void assertFails(String message, int from) {
    SQLException e = assertThrows(SQLException.class, () -> changes(from, 5));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private List<String> changes(int from, int to) throws SQLException {
    return Client.rows(connection, sql("T", from, to));
  }

  private static String sql(String table, int from, int to) {
    return """
        SELECT ID, NOTE, METADATA$ACTION, METADATA$ISUPDATE
        FROM %s CHANGES(INFORMATION => DEFAULT)
          AT(TIMESTAMP => '%s'::TIMESTAMP_LTZ) END(TIMESTAMP => TO_TIMESTAMP_LTZ('%s'))
        ORDER BY 1, 2"""
        .formatted(table, hour(from), hour(to));
  }

  private void at(int hour) {
    snowflake.clock(InstantSource.fixed(hour(hour)));
  }

  private static Instant hour(int hour) {
    return DAY.plusSeconds(hour * 3600L);
  }
}
