package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

  private final TestDatabase test = TestDatabase.create();

  @ParameterizedTest
  @CsvSource({
    "40001,TRANSIENT",
    "40P01,TRANSIENT",
    "08006,TRANSIENT",
    "08001,TRANSIENT",
    "57P01,TRANSIENT",
    "57P03,TRANSIENT",
    "53300,TRANSIENT",
    "22003,ROW",
    "23514,ROW",
    "28P01,FATAL",
    "42501,FATAL",
    "25006,FATAL",
    "53100,FATAL",
    "42P01,FATAL"
  })
  void theStateOfAnErrorTellsWhatToDoAboutIt(String state, SqlErrorKind kind) {
    assertEquals(kind, SqlErrorKind.of(new SQLException("", state)));
  }

  @Test
  void aPoolWithoutAFreeConnectionIsWaitedFor() {
    assertEquals(
        SqlErrorKind.TRANSIENT, SqlErrorKind.of(new SQLTransientConnectionException("busy")));
  }

  @Test
  void aTransientErrorRollsBackAndTheWorkIsDoneAgain() {
    test.execute("CREATE TABLE t (n int)");
    AtomicInteger attempts = new AtomicInteger();
    int attempt =
        test.database()
            .inTransaction(
                connection -> {
                  execute(connection, "INSERT INTO t VALUES (1)");
                  if (attempts.incrementAndGet() < 3) {
                    throw new SQLException("deadlock", "40P01");
                  }
                  return attempts.get();
                });
    assertEquals(3, attempt);
    assertEquals(List.of("1"), test.query("SELECT count(*) FROM t"));
  }

  @Test
  void aConnectionThatIsCutOffIsReplacedAndTheWorkIsDoneAgain() {
    AtomicInteger attempts = new AtomicInteger();
    int answer =
        test.database()
            .inTransaction(
                connection -> {
                  if (attempts.incrementAndGet() == 1) {
                    execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
                  }
                  execute(connection, "SELECT 1");
                  return 7;
                });
    assertEquals(7, answer);
    assertEquals(2, attempts.get());
  }

  @Test
  void anErrorThatIsNotTransientIsToldAtOnce() {
    AtomicInteger attempts = new AtomicInteger();
    DatabaseException error =
        assertThrows(
            DatabaseException.class,
            () ->
                test.database()
                    .inTransaction(
                        connection -> {
                          attempts.incrementAndGet();
                          execute(connection, "SELECT * FROM nowhere");
                          return 0;
                        }));
    assertEquals(1, attempts.get());
    assertTrue(error.getMessage().contains("42P01"), error.getMessage());
  }

  @Test
  void oneJvmHasOnePoolForADatabaseAndItIsBounded() {
    assertEquals(test.database(), Database.shared(test.config()));
    assertEquals(4, test.database().config().maxConnections());
  }

  @Test
  void whatMayBeWrongWithALoginIsToldInOneLine() {
    test.execute("DROP ROLE IF EXISTS reader");
    test.execute("CREATE ROLE reader LOGIN");
    String url = test.config().jdbcUrl();
    assertTold("cannot reach the database", config("jdbc:postgresql://127.0.0.1:1/x", "postgres"));
    assertTold(
        "does not exist", config(url.replaceAll("/[^/]*$", "/no_such_database"), "postgres"));
    assertTold("refused the login", config(url, "no_such_role"));
  }

  @Test
  void aWrongPasswordIsToldAndNotShownAndTheRightOneIsReadWhereItIs(@TempDir Path folder)
      throws Exception {
    test.execute("DROP ROLE IF EXISTS guarded");
    test.execute("CREATE ROLE guarded LOGIN PASSWORD 'correct horse'");
    // The server of the tests trusts everybody; not this role.
    Path access = Path.of(test.query("SHOW hba_file").get(0));
    String trusting = Files.readString(access);
    Files.writeString(access, "host all guarded all scram-sha-256\n" + trusting);
    try {
      test.execute("SELECT pg_reload_conf()");
      Path file = folder.resolve("password");
      Files.writeString(file, "battery staple\n");
      DatabaseConfig guarded =
          new DatabaseConfig(
              test.config().jdbcUrl(),
              "guarded",
              SecretRef.parse("file:" + file),
              1,
              Duration.ofSeconds(30));
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            // Until the server has read its file again.
            while (isLetIn(guarded)) {
              Thread.onSpinWait();
            }
          });
      assertTold("Check --jdbcUser and --jdbcPassword", guarded);
      assertFalse(guarded.toString().contains("battery"));
      Files.writeString(file, "correct horse\n");
      assertTrue(isLetIn(guarded));
    } finally {
      Files.writeString(access, trusting);
      test.execute("SELECT pg_reload_conf()");
    }
  }

  private static boolean isLetIn(DatabaseConfig config) {
    try {
      Database.check(config);
      return true;
    } catch (DatabaseException e) {
      return false;
    }
  }

  @Test
  void aReadOnlyRoleIsToldWhichPrivilegeItLacks() {
    test.execute("DROP ROLE IF EXISTS onlooker");
    test.execute("CREATE ROLE onlooker LOGIN");
    DatabaseConfig onlooker = config(test.config().jdbcUrl(), "onlooker");
    DatabaseException error =
        assertThrows(
            DatabaseException.class,
            () -> new ModelRegistry(Database.shared(onlooker)).findOrRegister("m"));
    assertTrue(error.getMessage().contains("lacks a privilege"), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "hunter2", "", "env:", "vault:x"})
  void aPasswordThatIsNoReferenceIsRefusedAndNotRepeated(String text) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> SecretRef.parse(text));
    assertTrue(error.getMessage().contains("env:NAME"), error.getMessage());
    assertFalse(!text.isEmpty() && error.getMessage().contains("'" + text + "'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/db?user=u&password=hunter2",
        "jdbc:postgresql://u:hunter2@h/db",
        "postgresql://u:hunter2@h/db"
      })
  void aPasswordInTheUrlIsRefused(String url) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> config(url, null));
    assertTrue(error.getMessage().contains("--jdbcPassword=env:"), error.getMessage());
    assertFalse(error.getMessage().contains("hunter2"));
  }

  private static void assertTold(String what, DatabaseConfig config) {
    DatabaseException error = assertThrows(DatabaseException.class, () -> Database.check(config));
    assertTrue(error.getMessage().contains(what), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }

  private static DatabaseConfig config(String url, String user) {
    return new DatabaseConfig(url, user, null, 2, Duration.ofSeconds(30));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
