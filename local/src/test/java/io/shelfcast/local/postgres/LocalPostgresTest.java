package io.shelfcast.local.postgres;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One home for the whole class where a test does not need a new one: unpacking takes seconds. */
final class LocalPostgresTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path home;

  /** Whatever a test has left running would hold up the next one. */
  @AfterEach
  void stops() throws Exception {
    LocalPostgres.open(home).close();
    assertThat(postmaster(home), is(0L));
  }

  @Test
  void dataStaysBetweenCommands() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      execute(postgres.jdbcUrl(), "CREATE TABLE kept AS SELECT 42 AS answer");
    }
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      assertThat(query(postgres.jdbcUrl(), "SELECT answer FROM kept"), is("42"));
      assertThat(postgres.recovered(), is(false));
    }
  }

  @Test
  void nothingThatIsCommittedCanBeLost() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(setting, query(postgres.jdbcUrl(), "SHOW " + setting), is("on"));
      }
    }
  }

  @Test
  void lastToLeaveStopsIt() throws Exception {
    try (OtherCommand first = OtherCommand.launch(home)) {
      String url = first.url();
      try (OtherCommand second = OtherCommand.launch(home)) {
        assertThat(second.url(), is(url));
        second.leave();
      }
      assertThat(query(url, "SELECT 1"), is("1"));
      first.leave();
      assertThrows(SQLException.class, () -> query(url, "SELECT 1"));
    }
  }

  @Test
  void starterMayLeaveFirst() throws Exception {
    try (OtherCommand starter = OtherCommand.launch(home)) {
      String url = starter.url();
      try (OtherCommand joiner = OtherCommand.launch(home)) {
        assertThat(joiner.url(), is(url));
        starter.leave();
        assertThat(query(url, "SELECT 1"), is("1"));
        joiner.leave();
        assertThrows(SQLException.class, () -> query(url, "SELECT 1"));
      }
    }
  }

  @Test
  void twoThatStartAtOnceShareOne(@TempDir Path newHome) throws Exception {
    try (OtherCommand one = OtherCommand.launch(newHome);
        OtherCommand other = OtherCommand.launch(newHome)) {
      assertThat(one.url(), is(other.url()));
      one.leave();
      other.leave();
    }
    assertThat(postmaster(newHome), is(0L));
  }

  @Test
  void aKilledJvmLeavesNothingInTheWay() throws Exception {
    try (OtherCommand killed = OtherCommand.launch(home)) {
      String url = killed.url();
      killed.kill();
      try (LocalPostgres next = LocalPostgres.open(home)) {
        assertThat(next.jdbcUrl(), is(url));
        assertThat(query(url, "SELECT 1"), is("1"));
      }
      assertThrows(SQLException.class, () -> query(url, "SELECT 1"));
    }
  }

  @Test
  void aJvmKilledInItsFirstStartLeavesNothingInTheWay(@TempDir Path newHome) throws Exception {
    Path postgres = newHome.resolve("postgres");
    for (String stage : List.of("binaries/unpacking/bin", "initdb/global", "data/postmaster.pid")) {
      try (OtherCommand killed = OtherCommand.launch(newHome)) {
        await(stage, () -> Files.exists(postgres.resolve(stage)));
        killed.kill();
      }
    }
    try (LocalPostgres next = LocalPostgres.open(newHome)) {
      assertThat(query(next.jdbcUrl(), "SELECT 1"), is("1"));
    }
  }

  @Test
  void aKilledServerIsStartedAgainWithItsData() throws Exception {
    try (LocalPostgres user = LocalPostgres.open(home)) {
      execute(user.jdbcUrl(), "CREATE TABLE survivor AS SELECT 42 AS answer");
      // Busy, so that this child outlives its killed parent and holds on to the shared memory.
      try (Connection connection = connect(user.jdbcUrl());
          Statement statement = connection.createStatement()) {
        Thread busy = new Thread(() -> executeUntilCut(statement));
        busy.start();
        String running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO%'";
        await("a busy child", () -> query(user.jdbcUrl(), running).equals("1"));
        kill(postmaster(home));
        try (LocalPostgres next = LocalPostgres.open(home)) {
          assertThat(next.recovered(), is(true));
          assertThat(query(next.jdbcUrl(), "SELECT answer FROM survivor"), is("42"));
          // Who used the killed server goes on at the same address.
          assertThat(next.jdbcUrl(), is(user.jdbcUrl()));
        }
        assertThat(query(user.jdbcUrl(), "SELECT answer FROM survivor"), is("42"));
        busy.join();
      }
    }
  }

  @Test
  void aKilledServersProcessIdMayBeAnothersNow() throws Exception {
    try (LocalPostgres user = LocalPostgres.open(home)) {
      kill(postmaster(home));
      Path file = data(home).resolve(Postmaster.FILE);
      List<String> lines = Files.readAllLines(file);
      lines.set(0, Long.toString(ProcessHandle.current().pid()));
      Files.write(file, lines);
      try (LocalPostgres next = LocalPostgres.open(home)) {
        assertThat(query(next.jdbcUrl(), "SELECT 1"), is("1"));
        assertThat(next.jdbcUrl(), is(user.jdbcUrl()));
      }
    }
  }

  @Test
  void aTerminalsCtrlCDoesNotReachIt() throws Exception {
    try (OtherCommand command = OtherCommand.launch(home)) {
      command.url();
      assertThat(processGroup(postmaster(home)), not(equalTo(processGroup(command.pid()))));
      command.leave();
    }
  }

  @Test
  void oneJvmMayUseItTwice() throws Exception {
    LocalPostgres first = LocalPostgres.open(home);
    try (LocalPostgres second = LocalPostgres.open(home)) {
      assertThat(second.jdbcUrl(), is(first.jdbcUrl()));
      first.close();
      first.close();
      assertThat(query(second.jdbcUrl(), "SELECT 1"), is("1"));
    }
    assertThrows(SQLException.class, () -> query(first.jdbcUrl(), "SELECT 1"));
  }

  @Test
  void anInterruptedThreadStillStopsIt() throws Exception {
    LocalPostgres postgres = LocalPostgres.open(home);
    Thread.currentThread().interrupt();
    postgres.close();
    assertThat(Thread.interrupted(), is(true));
    assertThat(postmaster(home), is(0L));
  }

  @Test
  void dataOfAnotherMajorVersionIsRefused(@TempDir Path newHome) throws Exception {
    Files.createDirectories(data(newHome));
    Files.writeString(data(newHome).resolve("PG_VERSION"), "17\n");
    IOException refusal =
        assertThrows(LocalPostgresException.class, () -> LocalPostgres.open(newHome));
    assertThat(refusal.getMessage(), containsString("was written by PostgreSQL 17"));
    assertThat(refusal.getMessage(), containsString("move that folder away"));
  }

  private static Path data(Path home) {
    return home.resolve("postgres").resolve("data");
  }

  /** The server's process id, 0 if there is none. */
  private static long postmaster(Path home) throws IOException {
    return Postmaster.read(data(home)).map(Postmaster::pid).orElse(0L);
  }

  private static void kill(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    // Its executable cannot be read any more, whether or not its parent has noticed its end.
    await("the end of " + pid, () -> process.info().command().isEmpty());
  }

  private static String processGroup(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(pid)).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }

  private static Connection connect(String url) throws SQLException {
    // Bounded, so that a test whose server is left hanging fails.
    return DriverManager.getConnection(url + "?socketTimeout=10", "postgres", "");
  }

  private static String query(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void executeUntilCut(Statement statement) {
    SQLException cut =
        assertThrows(SQLException.class, () -> statement.execute("DO 'BEGIN LOOP END LOOP; END'"));
    assertThat(cut.getSQLState(), is("08006"));
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
    }
  }
}
