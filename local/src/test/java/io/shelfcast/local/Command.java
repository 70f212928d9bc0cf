package io.shelfcast.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A command as a process of its own, as the launcher starts it. */
final class Command {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final Path out;
  private final Path err;

  private Command(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a command that has ended left. */
  record Ended(int exitCode, String out, String err) {}

  static Ended run(Path home, String... arguments) throws Exception {
    return start(home, arguments).await();
  }

  /**
   * The same in this process, which is quicker, for commands that end before they begin anything:
   * where its data is, a process alone is told.
   */
  static Ended here(String... arguments) {
    return here(Confirmation.onTerminal(), arguments);
  }

  /** The same, with somebody to be asked. */
  static Ended here(Confirmation confirmation, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(confirmation)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(exitCode, out.toString(), err.toString());
  }

  static Command start(Path home, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("@jvm.options");
    // Most of a short command's time would go into compiling it well.
    command.addAll(
        List.of(
            "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "command", ".out");
    Path err = Files.createTempFile(home, "command", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("SHELFCAST_HOME", home.toString());
    builder.environment().put("TEST_PASSWORD", "hunter2");
    return new Command(builder.start(), out, err);
  }

  Ended await() throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running; so far it said: " + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** What it has said so far on standard error. */
  String err() throws IOException {
    return Files.readString(err);
  }

  /** Sends a signal, as {@code kill -SIGNAL} does. */
  void signal(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  /** Waits for something, as long as the command runs. */
  void until(Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      // Not at full speed, which would be at the cost of the command.
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || Instant.now().isAfter(deadline)) {
        throw new AssertionError("it never came to that: " + Files.readString(err));
      }
    }
  }
}
