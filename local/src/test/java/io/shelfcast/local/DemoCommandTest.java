package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} as a user has it. */
class DemoCommandTest {

  /** A line in which scores are refreshed, and not all are stale any more. */
  private static final Pattern FALLING =
      Pattern.compile(" ms; \\d?\\d\\.\\d % of the items stale; [\\d,]+ scores/s, lag p50");

  private static final Pattern RESULT =
      Pattern.compile(
          "\\{\"reads\":(\\d+),\"failed\":0,\"items\":\\d+,.*\"stale_share_first\":([\\d.]+),"
              + "\"stale_share_last\":([\\d.]+),\"refreshed\":(\\d+),.*}\\s*");

  @TempDir private static Path home;

  @Test
  void staleItemsThatAreShownAreRefreshedUntilCtrlCWhichIsNoFailure() throws Exception {
    Command demo = Command.start(home, "demo", "--port=0");
    Command.Ended ended;
    try {
      demo.until(() -> FALLING.matcher(demo.err()).find());
      assertThat(Command.run(home, "demo", "--port=0").err(), containsString("another demo runs"));
    } finally {
      demo.signal("INT");
      ended = demo.await();
    }
    assertEquals(0, ended.exitCode(), ended.err());
    assertThat(ended.err(), containsString("listening on http://127.0.0.1:"));
    assertThat(ended.err(), containsString("/metrics"));
    assertThat(ended.err(), containsString("/openapi.json"));
    assertThat(ended.err(), containsString("general-v1 "));
    assertThat(ended.err(), containsString("realtime-v2 "));
    assertThat(ended.err(), not(containsString("\tat ")));
    Matcher result = RESULT.matcher(ended.out());
    assertTrue(result.matches(), ended.out() + ended.err());
    assertTrue(Long.parseLong(result.group(1)) > 0, ended.out());
    assertTrue(
        Double.parseDouble(result.group(3)) < Double.parseDouble(result.group(2)), ended.out());
    assertTrue(Long.parseLong(result.group(4)) > 0, ended.out());
    assertTrue(
        ProcessHandle.allProcesses()
            .flatMap(process -> process.info().command().stream())
            .noneMatch(command -> command.startsWith(home.toString())),
        "a PostgreSQL is left behind");
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() {
    assertRefused("--rate is 0; write 1 to 2000", "--rate=0");
    assertRefused("'fast' is not a whole number", "--rate=fast");
    assertRefused("--seconds is -1; write how long", "--seconds=-1");
    assertRefused("write a whole number from 0 to 65535", "--port=x");
  }

  private static void assertRefused(String message, String option) {
    StringWriter err = new StringWriter();
    assertEquals(
        Main.BAD_USAGE,
        Main.commandLine().setErr(new PrintWriter(err)).execute("demo", option),
        err.toString());
    assertThat(err.toString(), containsString(message));
    assertEquals(1, err.toString().lines().count(), err.toString());
  }
}
