package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.AbandonedRun;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.RunLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a run that was killed, and what the next one makes of it. */
class KilledRunsTest {

  private static final int ROWS = 200_000;
  private static final String FINGERPRINT =
      "SELECT count(*) || ' ' || md5(string_agg(s::text, ',' ORDER BY store_id, product_id))"
          + " FROM current_score s";
  private static final String LAST_RUN =
      "SELECT status || coalesce(' ' || error, '') FROM sync_run WHERE run_id = '%s'";

  @TempDir private static Path home;
  private static String[] sync;

  /** The table when nothing goes wrong. */
  private static String undisturbed;

  @BeforeAll
  static void syncUndisturbed() throws Exception {
    Path scores = home.resolve("scores");
    Command.Ended generated =
        Command.run(
            home,
            "generate",
            "--stores=200",
            "--itemsPerStore=1000",
            "--scoredAt=2024-06-08T06:00:00Z",
            "--output=" + scores);
    assertEquals(0, generated.exitCode(), generated.err());
    // Small batches, so that there is time for a kill among them.
    sync = new String[] {"full-sync", "--input=" + scores + "/*.parquet", "--batchSize=1000"};
    Command.Ended ended = Command.run(home, sync);
    assertEquals(0, ended.exitCode(), ended.err());
    try (LocalPostgres postgres = LocalPostgres.open(home);
        Connection connection = connect(postgres)) {
      undisturbed = query(connection, FINGERPRINT);
    }
  }

  @BeforeEach
  void emptyTheTables() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(home);
        Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE availability_score, sync_run CASCADE");
    }
  }

  @Test
  void afterAKillOfTheProcessTheNextRunSaysSoAndEndsWithTheWholeTable() throws Exception {
    Command killed = Command.start(home, sync);
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      String runId = awaitRows(killed, postgres);
      killed.signal("KILL");
      assertEquals(137, killed.await().exitCode());

      Command.Ended next = Command.run(home, sync);
      assertEquals(0, next.exitCode(), next.err());
      assertTrue(next.err().contains("found run " + runId), next.err());
      assertTrue(next.err().contains("marked as failed"), next.err());
      assertEquals(ROWS, number(next, "read"), next.out());
      assertEquals(ROWS, number(next, "inserted") + number(next, "kept"), next.out());
      assertTrue(number(next, "kept") >= 5_000, next.out());
      try (Connection connection = connect(postgres)) {
        assertEquals(
            "failed its process ended before the run did",
            query(connection, LAST_RUN.formatted(runId)));
        // What the first had written is what the second found there.
        assertEquals(
            String.valueOf(number(next, "kept")),
            query(connection, "SELECT inserted FROM sync_run WHERE run_id = '" + runId + "'"));
        assertEquals(undisturbed, query(connection, FINGERPRINT));
      }
    }
  }

  @Test
  void aSnapshotThatIsKilledIsSeenByNobodyAndCleanedUp() throws Exception {
    Command.Ended merged = Command.run(home, sync);
    assertEquals(0, merged.exitCode(), merged.err());
    String[] snapshot = java.util.Arrays.copyOf(sync, sync.length + 1);
    snapshot[sync.length] = "--writeMode=snapshot";
    Command killed = Command.start(home, snapshot);
    try (LocalPostgres postgres = LocalPostgres.open(home);
        Connection connection = connect(postgres)) {
      String runId = awaitRows(killed, postgres);
      killed.signal("KILL");
      assertEquals(137, killed.await().exitCode());
      assertEquals(undisturbed, query(connection, FINGERPRINT));
      String table = query(connection, "SELECT table_name FROM sync_run_snapshot");

      Command.Ended cleanup = Command.run(home, "cleanup");
      assertEquals(0, cleanup.exitCode(), cleanup.err());
      assertEquals(
          "done,what\nrun_marked_failed,%s\ntable_dropped,%s\n".formatted(runId, table),
          cleanup.out());
      assertEquals("0", query(connection, "SELECT count(*) FROM sync_run_snapshot"));
      assertEquals(undisturbed, query(connection, FINGERPRINT));

      Command.Ended next = Command.run(home, snapshot);
      assertEquals(0, next.exitCode(), next.err());
      assertTrue(next.out().contains("\"carried_over\":0,\"removed\":0,"), next.out());
      assertEquals(undisturbed, query(connection, FINGERPRINT));
    }
  }

  @Test
  void afterAKillOfPostgresTheRunGoesOnEvenIfItWasTakenForDead() throws Exception {
    Command command = Command.start(home, sync);
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      String runId = awaitRows(command, postgres);
      killPostgres();
      // The next command starts it again; the new server knows nothing of the run's lock.
      try (LocalPostgres again = LocalPostgres.open(home)) {
        // Unless it is back already: a run with a transaction open is not taken for dead.
        assertTrue(List.of("", runId).contains(markAbandoned(again)));
        Command.Ended ended = command.await();
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.err().contains("transient database error, trying again"), ended.err());
        assertFalse(ended.err().contains("\tat "), ended.err());
        // Also of a batch whose commit was done and not heard of, tried again after it.
        assertEquals(ROWS, number(ended, "inserted"), ended.out());
        try (Connection connection = connect(again)) {
          assertEquals("succeeded", query(connection, LAST_RUN.formatted(runId)));
          assertEquals(undisturbed, query(connection, FINGERPRINT));
        }
      }
    }
  }

  /** What a run does about those before it; gives their ids. */
  private static String markAbandoned(LocalPostgres postgres) {
    DatabaseConfig config =
        new DatabaseConfig(postgres.jdbcUrl(), postgres.user(), null, 1, Duration.ofMinutes(1));
    try {
      return new RunLedger(Database.shared(config))
          .failAbandoned().stream().map(AbandonedRun::runId).collect(Collectors.joining(","));
    } finally {
      Database.closeAll();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalEndsARunCleanly(String signal, int exitCode) throws Exception {
    Command command = Command.start(home, sync);
    String runId;
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      runId = awaitRows(command, postgres);
    }
    command.signal(signal);
    Command.Ended ended = command.await();
    assertEquals(exitCode, ended.exitCode(), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
    assertFalse(
        Files.exists(home.resolve("postgres/data/postmaster.pid")), "PostgreSQL is left over");
    try (LocalPostgres postgres = LocalPostgres.open(home);
        Connection connection = connect(postgres)) {
      assertEquals(
          "failed interrupted: its process was told to end",
          query(connection, LAST_RUN.formatted(runId)));
    }
  }

  @Test
  void aSignalWhilePostgresStartsLeavesNoneBehind() throws Exception {
    Path postmaster = home.resolve("postgres/data/postmaster.pid");
    Command command = Command.start(home, "models", "list");
    command.until(() -> Files.exists(postmaster));
    command.signal("TERM");
    Command.Ended ended = command.await();
    assertEquals(143, ended.exitCode(), ended.err());
    assertFalse(Files.exists(postmaster), "PostgreSQL is left over");
  }

  /** Waits until some batches are in, and not all; gives the run's id. */
  private static String awaitRows(Command command, LocalPostgres postgres) throws Exception {
    try (Connection connection = connect(postgres)) {
      command.until(
          () -> Integer.parseInt(query(connection, "SELECT count(*) FROM sync_run_batch")) >= 5);
      return query(connection, "SELECT run_id FROM sync_run WHERE status = 'running'");
    }
  }

  private static void killPostgres() throws Exception {
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

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private static Connection connect(LocalPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), null);
  }
}
