package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.local.postgres.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read the run ledger, and those that remove scores, as a user has them. */
class RunsCommandsTest {

  private static final String COLUMNS =
      "run_id,kind,status,model_version,write_mode,gate,started_at,seconds,read,inserted,updated,"
          + "kept,rejected,source\n";

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
  void runsAreListedAndShownScoresExpireAndRetiredVersionsAreDropped() throws Exception {
    assertEquals(COLUMNS, run(0, "runs", "list").out());
    assertFails(1, "there is no run yet; ./shelfcast full-sync makes one", "runs", "show", "last");
    Path file = home.resolve("scores.csv");
    Files.writeString(
        file,
        """
        store_id,product_id,model_version,score,scored_at
        1,1,old,0.5,2024-06-08T06:00:00Z
        1,2,old,0.5,2024-06-08T06:00:00Z
        1,3,old,1.5,2024-06-08T06:00:00Z
        1,1,other,0.5,2024-06-08T06:00:00Z
        """);
    String sync = run(0, "full-sync", "--input=" + file).out();
    String runId = sync.replaceAll(".*\"run_id\":\"([^\"]+)\".*\n", "$1");

    String listed = run(0, "runs", "list", "--limit=1", "--status=succeeded").out();
    assertTrue(listed.startsWith(COLUMNS + runId + ",full_sync,succeeded,"), listed);
    assertTrue(listed.contains(",4,3,0,0,1," + file + "\n"), listed);
    assertEquals(COLUMNS, run(0, "runs", "list", "--status=failed").out());
    String shown = run(0, "runs", "show", runId).out();
    assertTrue(shown.startsWith("run:           " + runId + "\n"), shown);
    assertTrue(shown.contains("4 read: 3 inserted, 0 updated, 0 kept, 1 rejected\n"), shown);
    assertTrue(shown.contains("1 score_out_of_range"), shown);

    Command.Ended none = run(0, "expire", "--olderThan=P36500D");
    assertTrue(none.out().contains("\"removed\":0,"), none.out());
    Command.Ended expired = run(0, "expire", "--olderThan=P14D", "--modelVersion=other");
    assertTrue(
        expired
            .out()
            .matches(
                "\\{\"run_id\":\"\\w+-\\w+\",\"status\":\"succeeded\",\"removed\":1,"
                    + "\"seconds\":[0-9.]+}\n"),
        expired.out());
    assertTrue(expired.err().contains("1 scores removed"), expired.err());
    String last = run(0, "runs", "show", "last").out();
    assertTrue(last.contains("kind:          expire, delete\n"), last);
    assertTrue(last.contains("removed:       1 scores\n"), last);

    Command.Ended later = run(0, "models", "retire", "old");
    assertTrue(later.err().startsWith("model version old is retired\nits scores stay until "));
    assertEquals("n\n2\n", count());
    assertEquals("done,what\n", run(0, "cleanup").out());
    run(0, "models", "register", "old");
    assertEquals("n\n2\n", count());
    Command.Ended atOnce = run(0, "models", "retire", "old", "--grace=PT0S");
    assertTrue(atOnce.err().contains("its 2 scores are dropped, by run "), atOnce.err());
    assertEquals("n\n0\n", count());
    run(0, "models", "register", "old");
    run(0, "models", "retire", "old", "--grace=PT0.001S");
    assertEquals("done,what\nmodel_version_dropped,old\n", run(0, "cleanup").out());
    String dropped = run(0, "runs", "list", "--modelVersion=old").out();
    assertEquals(
        2, dropped.lines().filter(line -> line.contains(",retire,succeeded,old,")).count());
    run(0, "models", "register", "old");
    run(0, "models", "retire", "old", "--grace=PT0.001S");
    Command.Ended sync2 = run(0, "full-sync", "--input=" + file);
    assertTrue(sync2.err().contains("dropped the 0 scores of model version old"), sync2.err());
    assertTrue(sync2.err().contains("model_version_retired"), sync2.err());
  }

  private static String count() throws Exception {
    return run(0, "sql", "SELECT count(*) AS n FROM current_score WHERE model_version = 'old'")
        .out();
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() throws Exception {
    assertFails(1, "there is no run 'nope'; ./shelfcast runs list tells", "runs", "show", "nope");
    assertFails(2, "write one of runs list, show", "runs");
    assertFails(2, "--limit is 0; write 1 or more", "runs", "list", "--limit=0");
    assertFails(2, "--status is 'done'; write running", "runs", "list", "--status=done");
    assertFails(2, "--olderThan", "expire");
    assertFails(2, "'14d' is not a duration: write for example", "expire", "--olderThan=14d");
    assertFails(2, "write how old a score may be, such as P14D", "expire", "--olderThan=PT0S");
    assertFails(2, "write how old a score may be, such as P14D", "expire", "--olderThan=-P1D");
    assertFails(2, "is no model version", "expire", "--olderThan=P1D", "--modelVersion=a b");
    assertFails(2, "such as P7D or PT0S", "models", "retire", "old", "--grace=-PT1S");
    Command.Ended unknown = run(1, "expire", "--olderThan=P1D", "--modelVersion=nobody");
    assertTrue(unknown.err().contains("'nobody' is not registered"), unknown.err());
    assertEquals(
        "{\"run_id\":null,\"status\":\"failed\",\"removed\":0,\"seconds\":0.0}\n", unknown.out());
    Command.Ended help = Command.here("runs", "show", "--help");
    assertTrue(help.out().startsWith("Usage: shelfcast runs show"), help.out());
  }

  private static Command.Ended run(int exitCode, String... arguments) throws Exception {
    Command.Ended ended =
        exitCode == Main.BAD_USAGE ? Command.here(arguments) : Command.run(home, arguments);
    assertEquals(exitCode, ended.exitCode(), ended.err());
    return ended;
  }

  private static void assertFails(int exitCode, String message, String... arguments)
      throws Exception {
    Command.Ended ended = run(exitCode, arguments);
    assertTrue(ended.err().contains(message), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
  }
}
