package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in for Snowflake as a user has it, and a sync from it by the line that it prints. */
class SnowflakeEmulatorCommandTest {

  private static final String SYNC = "./shelfcast full-sync ";

  @TempDir private static Path home;

  @Test
  void theLineThatItPrintsSyncsFromIt() throws Exception {
    Command.Ended generated =
        Command.run(
            home,
            "generate",
            "--stores=2",
            "--itemsPerStore=50",
            "--scoredAt=2024-06-08T06:00:00Z",
            "--output=" + home.resolve("scores"));
    assertEquals(0, generated.exitCode(), generated.err());
    Command emulator =
        Command.start(
            home, "snowflake-emulator", "--port=0", "--input=" + home.resolve("scores/*.parquet"));
    try {
      emulator.until(() -> emulator.err().lines().anyMatch(line -> line.startsWith(SYNC)));
      String err = emulator.err();
      assertTrue(err.contains(", 100 rows in AVAILABILITY.PUBLIC.SCORES"), err);
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(home.resolve("snowflake/rsa_key.p8"))));
      String line = err.lines().filter(text -> text.startsWith(SYNC)).findFirst().orElseThrow();
      Command.Ended synced = Command.run(home, arguments(line));
      assertEquals(0, synced.exitCode(), synced.err());
      assertTrue(synced.out().contains("\"read\":100,\"inserted\":100"), synced.out());
    } finally {
      emulator.signal("TERM");
    }
    assertEquals("", emulator.await().out());
  }

  @Test
  void filesThatAreNotThereAreTold() throws Exception {
    Command.Ended ended =
        Command.run(home, "snowflake-emulator", "--port=0", "--input=" + home + "/none/*.parquet");
    assertEquals(2, ended.exitCode());
    assertTrue(ended.err().contains("none/*.parquet"), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
  }

  private static String[] arguments(String line) {
    String[] words = line.split(" ", -1);
    return Arrays.copyOfRange(words, 1, words.length);
  }
}
