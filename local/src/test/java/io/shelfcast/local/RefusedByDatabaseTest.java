package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say when a database of the user's own takes neither them nor their rows. */
class RefusedByDatabaseTest {

  private static final String NOTHING_RAN =
      "{\"run_id\":null,\"status\":\"failed\",\"read\":0,\"inserted\":0,\"updated\":0,\"kept\":0,"
          + "\"rejected\":0,\"seconds\":0.0}\n";

  @TempDir private static Path home;
  private static TestDatabase database;
  private static String input;

  @BeforeAll
  static void createRoles() throws Exception {
    Path file = home.resolve("scores.csv");
    Files.writeString(
        file,
        "store_id,product_id,model_version,score,scored_at\n1,1,known,0.5,2024-06-08T06:00:00Z\n");
    input = "--input=" + file;
    database = TestDatabase.create();
    database.execute("CREATE ROLE guarded LOGIN PASSWORD 'open sesame'");
    database.execute("CREATE ROLE reader LOGIN");
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    // May do all that comes before the rows.
    database.execute("CREATE ROLE clerk LOGIN");
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk");
    database.execute(
        "GRANT INSERT, UPDATE, DELETE ON sync_run, sync_run_batch, sync_run_profile, dead_letter"
            + " TO clerk");
    // The first line that fits counts; the server asks nobody else for a password.
    Path access = Path.of(database.query("SHOW hba_file").get(0));
    Files.writeString(
        access, "host all guarded 127.0.0.1/32 scram-sha-256\n" + Files.readString(access));
    database.query("SELECT pg_reload_conf()");
  }

  @Test
  void aWrongPasswordIsToldWithTheOptionToChangeAndIsNeverShown() throws Exception {
    for (String more : new String[] {"--maxConnections=4", "--verbose"}) {
      Command.Ended ended =
          Command.run(
              home, as("guarded", "full-sync", input, "--jdbcPassword=env:TEST_PASSWORD", more));
      assertEquals(1, ended.exitCode(), ended.err());
      assertEquals(NOTHING_RAN, ended.out());
      assertFalse(ended.err().contains("hunter2"), ended.err());
      String line = ended.err().lines().filter(it -> it.startsWith("shelfcast ")).findFirst().get();
      assertTrue(line.contains("password authentication failed for user \"guarded\""), line);
      assertTrue(line.contains("Check --jdbcUser and --jdbcPassword"), line);
      assertEquals(more.equals("--verbose"), ended.err().contains("\tat "), ended.err());
    }
  }

  @Test
  void aPasswordComesFromAFileAndOneThatIsNotThereIsTold() throws Exception {
    Path file = Files.writeString(home.resolve("password"), "open sesame\n");
    String[] sql = {"sql", "SELECT current_user AS who"};
    Command.Ended right =
        Command.run(home, as("guarded", sql[0], sql[1], "--jdbcPassword=file:" + file));
    assertEquals("who\nguarded\n", right.out(), right.err());

    Command.Ended missing =
        Command.run(home, as("guarded", "full-sync", input, "--jdbcPassword=env:NOT_THERE"));
    assertEquals(1, missing.exitCode(), missing.err());
    assertEquals(
        "shelfcast full-sync: the environment variable of the secret env:NOT_THERE is not set\n",
        missing.err());
    assertEquals(NOTHING_RAN, missing.out());
  }

  @Test
  void aRoleThatMayOnlyReadGetsTheNameOfWhatItLacks() throws Exception {
    Command.Ended sync = Command.run(home, as("reader", "full-sync", input));
    assertEquals(1, sync.exitCode(), sync.err());
    assertEquals(NOTHING_RAN, sync.out());
    assertEquals(
        "shelfcast full-sync: the database user lacks a privilege: permission denied for table"
            + " sync_run. Grant it, or use another --jdbcUser.\n",
        sync.err());
    Command.Ended register = Command.run(home, as("reader", "models", "register", "another"));
    assertEquals(1, register.exitCode(), register.err());
    assertTrue(register.err().contains("the database user lacks a privilege"), register.err());
    assertEquals(
        "n\n0\n",
        Command.run(home, as("reader", "sql", "SELECT count(*) AS n FROM sync_run")).out());
  }

  @Test
  void aRunThatMayNotWriteScoresFailsInTheLedgerToo() throws Exception {
    TestDatabase scores = database;
    Command.run(home, as("postgres", "models", "register", "known"));
    Command.Ended sync = Command.run(home, as("clerk", "full-sync", input));
    assertEquals(1, sync.exitCode(), sync.err());
    assertTrue(sync.out().contains("\"status\":\"failed\",\"read\":0"), sync.out());
    String denied =
        "the database user lacks a privilege: permission denied for table availability_score";
    assertTrue(sync.err().contains(denied), sync.err());
    assertFalse(sync.err().contains("\tat "), sync.err());
    List<String> ledger = scores.query("SELECT status, error FROM sync_run WHERE read = 0");
    assertTrue(ledger.get(0).startsWith("failed|" + denied), ledger.toString());
  }

  private static String[] as(String role, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--jdbcUrl=" + database.config().jdbcUrl());
    arguments.add("--jdbcUser=" + role);
    return arguments.toArray(new String[0]);
  }
}
