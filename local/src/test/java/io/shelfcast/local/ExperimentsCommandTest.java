package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In this process, as each of them in one of its own would take a second. */
class ExperimentsCommandTest {

  private final TestDatabase test = TestDatabase.create();

  @Test
  void anExperimentIsSetShownAndStopped() {
    registry().register("realtime-v2", ModelStatus.CANDIDATE);
    registry().promote("realtime-v2");
    registry().register("realtime-v3", ModelStatus.SHADOW);
    Command.Ended none = run(0, "show");
    assertEquals("model_version,percent\n", none.out());
    assertEquals("there is no experiment: all users get the live version\n", none.err());
    assertFails(1, "models register realtime-v3 --status=candidate", "set", "realtime-v3=5");
    registry().register("realtime-v3", ModelStatus.CANDIDATE);

    Command.Ended set = run(0, "set", "realtime-v3=5.5", "--segment=city=13,12", "--newSalt");
    assertEquals("", set.out());
    assertEquals(
        "of users with city 12 or 13:\nrealtime-v2 gets 94.5 %\nrealtime-v3 gets 5.5 %\n",
        set.err());
    Command.Ended shown = run(0, "show");
    assertEquals("model_version,percent\nrealtime-v2,94.5\nrealtime-v3,5.5\n", shown.out());
    assertEquals("of users with city 12 or 13:\n", shown.err());

    registry().retire("realtime-v3", Duration.ofDays(1));
    Command.Ended retired = run(0, "show");
    assertEquals("model_version,percent\nrealtime-v2,100\nrealtime-v3,0\n", retired.out());
    assertTrue(
        retired.err().contains("realtime-v3 has 5.5 % for when it is a candidate; it is retired\n"),
        retired.err());
    assertEquals(
        "the experiment is stopped: all users get the live version\n", run(0, "stop").err());
    assertEquals("model_version,percent\nrealtime-v2,100\n", run(0, "show").out());
  }

  @Test
  void aSaltIsKeptUnlessANewOneIsAskedFor() {
    registry().register("a", ModelStatus.CANDIDATE);
    run(0, "set", "a=5");
    String salt = test.query("SELECT salt FROM experiment").get(0);
    run(0, "set", "a=10");
    assertEquals(salt, test.query("SELECT salt FROM experiment").get(0));
    run(0, "set", "a=10", "--newSalt");
    assertNotEquals(salt, test.query("SELECT salt FROM experiment").get(0));
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() {
    assertFails(2, "write one of experiments set, show, stop");
    assertFails(2, "NAME=PERCENT", "set");
    assertFails(2, "'a' is not NAME=VALUE; write a candidate and its share", "set", "a");
    assertFails(2, "write 0 to 100, in steps of 0.1", "set", "a=5%");
    assertFails(2, "100.1 % is no share; write 0 to 100", "set", "a=100.1");
    assertFails(2, "a is given twice", "set", "a=5", "a=6");
    assertFails(2, "'a b' is no model version", "set", "a b=5");
    assertFails(2, "write an attribute and its values", "set", "a=5", "--segment=city");
    assertFails(2, "has an empty value", "set", "a=5", "--segment=city=1,,2");
    assertFails(2, "names city twice", "set", "a=5", "--segment=city=1", "--segment=city=2");
    assertFails(1, "'nobody' is not registered", "set", "nobody=5");
    registry().register("a", ModelStatus.CANDIDATE);
    registry().register("b", ModelStatus.CANDIDATE);
    assertFails(2, "add up to 100.5 %; write at most 100 in all", "set", "a=50", "b=50.5");
  }

  /** Anew each time: a command closes all pools of its process as it ends. */
  private ModelRegistry registry() {
    return new ModelRegistry(test.database());
  }

  private Command.Ended run(int exitCode, String... arguments) {
    Stream<String> database =
        arguments.length == 0
            ? Stream.of()
            : Stream.of(
                "--jdbcUrl=" + test.config().jdbcUrl(), "--jdbcUser=" + test.config().user());
    String[] command =
        Stream.of(Stream.of("experiments"), Stream.of(arguments), database)
            .flatMap(part -> part)
            .toArray(String[]::new);
    Command.Ended ended = Command.here(command);
    assertEquals(exitCode, ended.exitCode(), ended.err());
    return ended;
  }

  private void assertFails(int exitCode, String message, String... arguments) {
    Command.Ended ended = run(exitCode, arguments);
    assertTrue(ended.err().contains(message), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
  }
}
