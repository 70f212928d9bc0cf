package io.shelfcast.local.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server as a process of its own, on the class path of the test: it can be killed and started
 * anew, and ends with the test's own process however that ends.
 */
final class ServerProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final List<String> command;
  private final Path home;
  private final Path log;
  private Process process;

  private ServerProcess(List<String> command, Path home, Path log, Process process) {
    this.command = command;
    this.home = home;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param home where embedded parts keep their data
   * @param log what it says; of one that is started anew below what it said before
   * @param heap its greatest heap, as 512m
   * @param mainClass what to run, and its arguments
   */
  static ServerProcess start(Path home, Path log, String heap, String... mainClass)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("@jvm.options");
    // There are several of them on few cores: compiling well, and in parallel, does not pay.
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(mainClass));
    Files.deleteIfExists(log);
    return new ServerProcess(command, home, log, launch(command, home, log));
  }

  /** Ends it as {@code kill -9} does, and returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it with the same arguments again. */
  void startAgain() throws IOException {
    process = launch(command, home, log);
  }

  /** What it has said so far; an error when it has ended without being told to. */
  String said() throws IOException {
    String said = Files.readString(log);
    if (!process.isAlive()) {
      throw new AssertionError(log + ": it has ended with " + process.exitValue() + '\n' + said);
    }
    return said;
  }

  @Override
  public void close() {
    kill();
  }

  private static Process launch(List<String> command, Path home, Path log) throws IOException {
    File file = log.toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(file));
    builder.environment().put("SHELFCAST_HOME", home.toString());
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
