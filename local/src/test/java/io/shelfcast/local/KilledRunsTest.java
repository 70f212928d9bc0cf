package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.local.postgres.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run that was killed, and what the next one makes of it. */
class KilledRunsTest {

  private static final int ROWS = 400_000;
  private static final String FINGERPRINT =
      "SELECT count(*) || ' ' || md5(string_agg(s::text, ',' ORDER BY store_id, product_id))"
          + " FROM current_score s";

  @TempDir private Path home;
  private String[] sync = {};

  @BeforeEach
  void generate() throws Exception {
    Path scores = home.resolve("scores");
    Command.Ended generated =
        Command.run(
            home,
            "generate",
            "--stores=400",
            "--itemsPerStore=1000",
            "--scoredAt=2024-06-08T06:00:00Z",
            "--output=" + scores);
    assertEquals(0, generated.exitCode(), generated.err());
    sync = new String[] {"full-sync", "--input=" + scores + "/*.parquet", "--batchSize=2000"};
  }

  @Test
  void afterAKillOfTheProcessTheNextRunSaysSoAndEndsWithTheWholeTable() throws Exception {
    Command killed = Command.start(home, sync);
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      String runId = awaitRows(killed, postgres);
      killed.signal("KILL");
      assertEquals(137, killed.await().exitCode());
      assertEquals("running", query(postgres, "SELECT status FROM sync_run"));
      assertNextRunMendsIt(runId);
    }
  }

  @Test
  void afterAKillOfPostgresTheRunGoesOnOnceItIsThereAgain() throws Exception {
    Command command = Command.start(home, sync);
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      awaitRows(command, postgres);
      killPostgres();
      // Somebody, a supervisor or the next command, starts it again on its data.
      try (LocalPostgres again = LocalPostgres.open(home)) {
        Command.Ended ended = command.await();
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().contains("\"read\":" + ROWS), ended.out());
        assertEquals(undisturbed(), query(again, FINGERPRINT));
      }
    }
  }

  @Test
  void aSignalEndsARunCleanly() throws Exception {
    for (String signal : new String[] {"TERM", "INT"}) {
      Command command = Command.start(home, sync);
      String runId;
      try (LocalPostgres postgres = LocalPostgres.open(home)) {
        runId = awaitRows(command, postgres);
      }
      command.signal(signal);
      Command.Ended ended = command.await();
      assertEquals(signal.equals("TERM") ? 143 : 130, ended.exitCode(), ended.err());
      assertFalse(ended.err().contains("\tat "), ended.err());
      assertFalse(
          Files.exists(home.resolve("postgres/data/postmaster.pid")), "PostgreSQL is left over");
      try (LocalPostgres postgres = LocalPostgres.open(home)) {
        assertEquals(
            "failed interrupted: its process was told to end",
            query(
                postgres,
                "SELECT status || ' ' || error FROM sync_run WHERE run_id = '" + runId + "'"));
        execute(postgres, "TRUNCATE availability_score");
      }
    }
  }

  private void assertNextRunMendsIt(String runId) throws Exception {
    Command.Ended next = Command.run(home, sync);
    assertEquals(0, next.exitCode(), next.err());
    assertTrue(next.err().contains("found run " + runId), next.err());
    assertTrue(next.err().contains("marked as failed"), next.err());
    assertTrue(next.out().contains("\"read\":" + ROWS), next.out());
    assertEquals(ROWS, number(next, "inserted") + number(next, "kept"), next.out());
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      assertEquals(
          "failed", query(postgres, "SELECT status FROM sync_run WHERE run_id = '" + runId + "'"));
      assertEquals(undisturbed(), query(postgres, FINGERPRINT));
    }
  }

  /** What the table looks like when nothing goes wrong: the same files into another home. */
  private String undisturbed() throws Exception {
    Path other = Files.createDirectory(home.resolve("other"));
    Command.Ended ended = Command.run(other, sync);
    assertEquals(0, ended.exitCode(), ended.err());
    try (LocalPostgres postgres = LocalPostgres.open(other)) {
      return query(postgres, FINGERPRINT);
    }
  }

  /** Waits until some batches are in, and not all; gives the run's id. */
  private static String awaitRows(Command command, LocalPostgres postgres) {
    command.until(
        () ->
            Integer.parseInt(
                    query(
                        postgres,
                        "SELECT CASE WHEN to_regclass('sync_run_batch') IS NULL THEN 0"
                            + " ELSE (xpath('/row/n/text()', query_to_xml("
                            + "'SELECT count(*) AS n FROM sync_run_batch', false, true, '')))"
                            + "[1]::text::int END"))
                >= 5);
    return query(postgres, "SELECT run_id FROM sync_run WHERE status = 'running'");
  }

  private void killPostgres() throws Exception {
    long postmaster =
        Long.parseLong(
            Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).get(0).strip());
    ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
    server.onExit().get();
  }

  private static long number(Command.Ended ended, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(ended.out());
    assertTrue(matcher.find(), ended.out());
    return Long.parseLong(matcher.group(1));
  }

  private static String query(LocalPostgres postgres, String sql) {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void execute(LocalPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(LocalPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), null);
  }
}
