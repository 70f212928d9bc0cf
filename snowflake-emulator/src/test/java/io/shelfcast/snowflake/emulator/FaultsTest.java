package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong when a test asks for it, and what the driver makes of it. */
@Timeout(30)
class FaultsTest {

  private final FakeGcs gcs = new FakeGcs();
  private final SnowflakeEmulator snowflake = Client.emulator().gcs(gcs).start();
  private Connection connection;

  FaultsTest() throws IOException {}

  @BeforeEach
  void connect() throws SQLException {
    connection = Client.connect(snowflake);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    snowflake.close();
    gcs.close();
  }

  @Test
  void aSlowStatementIsAskedForUntilItIsDone() throws SQLException {
    snowflake.faults().slow("42", Duration.ofMillis(1500));
    long start = System.nanoTime();
    assertEquals(List.of("42"), Client.rows(connection, "SELECT 42"));
    assertTrue(System.nanoTime() - start >= 1_500_000_000L);
    assertEquals(List.of("SELECT 42"), snowflake.statements());
  }

  @Test
  void aStatementFailsOnce() throws SQLException {
    snowflake.faults().failNext("SELECT", "000625", "57014", "Statement was aborted");
    assertEquals(625, failure("SELECT 1").getErrorCode());
    assertEquals(List.of("1"), Client.rows(connection, "SELECT 1"));
  }

  @Test
  void aStatementIsCancelledByItsTimeoutInTheSession() throws SQLException {
    snowflake.faults().hang("SELECT 1");
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1");
    }
    SQLException e = failure("SELECT 1");
    assertEquals(630, e.getErrorCode());
    assertTrue(e.getMessage().contains("timeout of 1 second(s)"), e.getMessage());
  }

  @Test
  void aStatementIsCancelledByTheDriversTimeout() throws SQLException {
    snowflake.faults().hang("SELECT 1");
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException unused =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT 1").close());
    }
    assertEquals(List.of("2"), Client.rows(connection, "SELECT 2"));
  }

  @Test
  void aSessionThatExpiredIsRenewedByTheDriver() throws SQLException {
    snowflake.expireSessions();
    assertEquals(List.of("1"), Client.rows(connection, "SELECT 1"));
    assertEquals(1, snowflake.logins().size());
  }

  @Test
  void aSessionThatIsGoneWantsANewLogin() throws SQLException {
    snowflake.dropSessions();
    assertEquals(390104, failure("SELECT 1").getErrorCode());
    try (Connection again = Client.connect(snowflake)) {
      assertEquals(List.of("1"), Client.rows(again, "SELECT 1"));
    }
  }

  @Test
  void anUnavailableServiceIsTriedAgain() throws SQLException {
    snowflake.faults().unavailable(1);
    assertEquals(List.of("1"), Client.rows(connection, "SELECT 1"));
    assertEquals(List.of("SELECT 1"), snowflake.statements());
  }

  @Test
  void anUnloadThatDiesLeavesTheFilesItWrote() throws SQLException {
    snowflake.execute("CREATE TABLE T AS SELECT range AS ID FROM range(20000)");
    snowflake.faults().dieAfterFiles(2);
    String copy =
        "COPY INTO 'gcs://bucket/x/' FROM T MAX_FILE_SIZE=10000 STORAGE_INTEGRATION=GCS"
            + " FILE_FORMAT=(TYPE=CSV)";
    assertEquals(603, failure(copy).getErrorCode());
    assertEquals(List.of("x/data_0_0_0.csv.gz", "x/data_0_1_0.csv.gz"), gcs.names("bucket", ""));
    assertTrue(failure(copy).getMessage().contains("Files already existing"));
  }

  private SQLException failure(String sql) {
    return assertThrows(SQLException.class, () -> Client.rows(connection, sql));
  }
}
