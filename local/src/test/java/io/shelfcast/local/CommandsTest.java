package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.local.postgres.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user has them: processes, standard output, exit codes. */
class CommandsTest {

  private static final String HEADER = "store_id,product_id,model_version,score,scored_at\n";

  @TempDir private static Path home;
  private static LocalPostgres postgres;

  /** So that each command joins it, and does not have to start and to stop it. */
  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = LocalPostgres.open(home);
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @Test
  void standardOutputIsOneLineOfJsonAndASecondSyncKeepsEveryRow() throws Exception {
    // A model version of its own, so that the order of the tests does not matter.
    Path mine = home.resolve("mine");
    Command.run(
        home,
        "generate",
        "--stores=20",
        "--itemsPerStore=50",
        "--modelVersion=first",
        "--scoredAt=2024-06-08T06:00:00Z",
        "--output=" + mine);
    Command.Ended first = Command.run(home, "full-sync", "--input=" + mine + "/*.parquet");
    assertEquals(0, first.exitCode(), first.err());
    assertTrue(
        first
            .out()
            .matches(
                "\\{\"run_id\":\"\\w+-\\w+\",\"status\":\"succeeded\",\"read\":1000,"
                    + "\"inserted\":1000,\"updated\":0,\"kept\":0,\"rejected\":0,"
                    + "\"seconds\":[0-9.]+}\n"),
        first.out());
    assertTrue(first.err().contains("full sync succeeded"), first.err());
    Command.Ended second = Command.run(home, "full-sync", "--input=" + mine + "/*.parquet");
    assertTrue(second.out().contains("\"kept\":1000"), second.out());
    try (Stream<Path> leftBehind = Files.list(home.resolve("flink"))) {
      assertEquals(List.of(), leftBehind.toList());
    }
    assertEquals(
        "n\n1000\n",
        Command.run(
                home,
                "sql",
                "SELECT count(*) AS n FROM current_score WHERE model_version = 'first'")
            .out());
  }

  @Test
  void aRunThatTheQualityGateRefusesExitsWithThreeAndSaysWhy() throws Exception {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int row = 0; row < 1000; row++) {
      rows.append("1,%d,stuck,0.5,2024-06-08T06:00:00Z\n".formatted(row));
    }
    Path file = home.resolve("stuck.csv");
    Files.writeString(file, rows);

    Command.Ended refused = Command.run(home, "full-sync", "--input=" + file);

    assertEquals(3, refused.exitCode(), refused.err());
    assertTrue(refused.out().contains("\"status\":\"refused\",\"read\":0,"), refused.out());
    assertTrue(
        refused
            .err()
            .contains("  constant_scores of stuck is 1.000, more than 0.000: all 1,000 scores are"),
        refused.err());
    assertEquals(
        0,
        Command.run(home, "full-sync", "--input=" + file, "--force", "--reason=a test").exitCode());
  }

  @Test
  void sqlPrintsTimesInUtcNullsAsNothingAndQuotesWhatNeedsIt() throws Exception {
    assertEquals(
        "t,n,q\n2024-06-08 06:00:00+00,,\"a,\"\"b\"\"\"\n",
        Command.run(
                home,
                "sql",
                "SELECT timestamptz '2024-06-08 08:00:00+02' AS t, NULL AS n, 'a,\"b\"' AS q")
            .out());
  }

  @Test
  void rejectedRowsAreReplayedOnceTheirCauseIsGoneOrDiscarded() throws Exception {
    Path file = home.resolve("rejected.csv");
    Files.writeString(
        file,
        HEADER
            + "1,1,newcomer,0.5,2024-06-08T06:00:00Z\n"
            + "1,2,newcomer,1.5,2024-06-08T06:00:00Z\n");
    Command.Ended sync =
        Command.run(home, "full-sync", "--input=" + file, "--onUnknownModel=reject");
    assertEquals(0, sync.exitCode(), sync.err());
    assertTrue(sync.out().contains("\"read\":2,\"inserted\":0,"), sync.out());
    assertTrue(sync.out().contains("\"rejected\":2,"), sync.out());
    assertTrue(sync.err().contains("1 model_version_unknown"), sync.err());
    String letters = Command.run(home, "dead-letters", "list").out();
    assertTrue(letters.contains("model_version 'newcomer' is not registered"), letters);
    assertTrue(
        Command.run(home, "dead-letters", "show", firstId("--reason=model_version_unknown"))
            .out()
            .contains("\"model_version\":\"newcomer\""));

    String hopeless = firstId("--reason=score_out_of_range");
    Command.Ended discarded = Command.run(home, "dead-letters", "discard", hopeless);
    assertEquals(0, discarded.exitCode(), discarded.err());
    assertEquals("1 dead letters discarded\n", discarded.err());
    assertEquals(hopeless, firstId("--state=discarded"));

    assertEquals(0, Command.run(home, "models", "register", "newcomer").exitCode());
    Command.Ended replay = Command.run(home, "replay");
    assertTrue(replay.out().contains("\"read\":1,\"inserted\":1,"), replay.out());
    Command.Ended again = Command.run(home, "replay");
    assertTrue(again.out().contains("\"read\":0,"), again.out());
    assertEquals(0, Command.run(home, "models", "promote", "newcomer").exitCode());
    assertTrue(Command.run(home, "models", "list").out().contains("newcomer,live\n"));
    assertFails(1, "is live; promote another one first", "models", "retire", "newcomer");
    assertFails(2, "name either ids or --reason", "dead-letters", "discard");
    assertFails(1, "there is no dead letter 0", "dead-letters", "show", "0");
  }

  @Test
  void aModelVersionIsRegisteredPromotedRetiredAndBroughtBack() throws Exception {
    String[] candidate = {"models", "register", "second", "--status=candidate"};
    Command.Ended registered = Command.run(home, candidate);
    assertEquals(0, registered.exitCode(), registered.err());
    assertEquals("", registered.out());
    assertEquals("model version second is candidate\n", registered.err());
    assertFails(1, "'second' is registered already, as candidate", candidate);
    assertEquals(0, Command.run(home, "models", "retire", "second").exitCode());
    assertFails(1, "'second' is retired; register it again first", "models", "promote", "second");
    Command.Ended list = Command.run(home, "models", "list");
    assertTrue(list.out().startsWith("model_version,status\n"), list.out());
    assertTrue(list.out().contains("second,retired\n"), list.out());
    assertEquals(0, Command.run(home, "models", "register", "second").exitCode());
    assertFails(2, "write shadow or candidate", "models", "register", "x", "--status=live");
    assertFails(2, "'a b' is no model version", "models", "register", "a b");
  }

  /** The id of the first dead letter that is listed. */
  private static String firstId(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("dead-letters", "list"));
    command.addAll(List.of(options));
    String letters = Command.run(home, command.toArray(new String[0])).out();
    return letters.lines().skip(1).findFirst().orElseThrow().replaceAll(",.*", "");
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() throws Exception {
    assertEquals(2, Command.run(home, "full-sync", "--inptu=x").exitCode());
    assertFails(2, "did you mean --input?", "full-sync", "--inptu=x");
    assertFails(2, "--input is missing", "full-sync");
    assertFails(2, "--batchSize is 'many'; write a whole number", "full-sync", "--batchSize=many");
    assertFails(2, "write a duration such as PT5M", "full-sync", "--input=x", "--maxFutureSkew=5m");
    assertFails(2, "name it with --jdbcUrl", "full-sync", "--input=x", "--jdbcPassword=hunter2");
    assertFails(
        2,
        "env:NAME",
        "full-sync",
        "--input=x",
        "--jdbcUrl=jdbc:postgresql://127.0.0.1/x",
        "--jdbcPassword=hunter2");
    assertFails(2, "generate", "generate", "--stores=-1");
    assertFails(2, "did you mean full-sync?", "full-snyc");
    assertFails(2, "did you mean list?", "models", "lst");
    assertFails(2, "supported pipeline runners [", "full-sync", "--input=x", "--runner=Foo");
    assertFails(2, "--writeMode is 'foo'; write merge", "full-sync", "--writeMode=foo");
    assertFails(2, "no command given", new String[0]);
  }

  @Test
  void whatFailsIsToldInOneLineAndWholeWhenAskedFor() throws Exception {
    assertFails(1, "No files matched spec: ", "full-sync", "--input=" + home + "/nothing/*");
    String down = "--jdbcUrl=jdbc:postgresql://127.0.0.1:1/x";
    Command.Ended away = Command.run(home, "full-sync", "--input=x", down);
    assertEquals(1, away.exitCode());
    assertTrue(away.err().contains("cannot reach the database"), away.err());
    assertTrue(away.out().startsWith("{\"run_id\":null,\"status\":\"failed\""), away.out());
    assertFails(1, "syntax error", "sql", "SELEC 1");
    assertFails(1, "'nobody' is not registered", "models", "promote", "nobody");
    Command.Ended verbose = Command.run(home, "models", "promote", "nobody", "--verbose");
    assertTrue(verbose.err().contains("\tat io.shelfcast"), verbose.err());
  }

  private static void assertFails(int exitCode, String message, String... arguments)
      throws Exception {
    Command.Ended ended =
        exitCode == Main.BAD_USAGE ? Command.here(arguments) : Command.run(home, arguments);
    assertTrue(ended.err().contains(message), ended.err());
    assertEquals(exitCode, ended.exitCode(), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
    assertFalse(ended.err().contains("hunter2"), ended.err());
  }

  @Test
  void helpIsEverywhere() throws Exception {
    for (String[] command :
        new String[][] {
          {},
          {"full-sync"},
          {"replay"},
          {"generate"},
          {"kafka"},
          {"model-server"},
          {"request"},
          {"models"},
          {"models", "list"},
          {"experiments", "set"},
          {"policy"},
          {"policy", "list"},
          {"policy", "publish"},
          {"policy", "rollback"},
          {"policy", "validate"},
          {"policy", "diff"},
          {"segments", "load"},
          {"serve"},
          {"demo"},
          {"sql"},
          {"runs"},
          {"runs", "list"},
          {"expire"},
          {"snowflake-emulator"},
          {"dead-letters"},
          {"dead-letters", "discard"}
        }) {
      String[] withHelp = Arrays.copyOf(command, command.length + 1);
      withHelp[command.length] = "--help";
      Command.Ended help = Command.here(withHelp);
      assertEquals(0, help.exitCode(), help.err());
      assertTrue(help.out().startsWith("Usage: shelfcast"), help.out());
    }
  }
}
