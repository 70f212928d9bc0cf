package io.shelfcast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Another main class of this class path, in a JVM of its own: what is measured then shares no heap,
 * no collector and no compiler with what measures it. Ended when closed.
 */
final class JavaProcess implements AutoCloseable {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final CompletableFuture<String> awaited = new CompletableFuture<>();

  private JavaProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param home where it may keep what is embedded
   * @param options of its JVM
   * @param line of its standard error, what {@link #await} waits for
   */
  static JavaProcess start(
      Path home, List<String> options, Predicate<String> line, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // What Flink asks of a JDK 17, as the launcher gave it to us.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD);
    builder.environment().put("SHELFCAST_HOME", home.toString());
    JavaProcess started = new JavaProcess(builder.start());
    Thread reader = new Thread(() -> started.readLines(line), "bench-process");
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  private void readLines(Predicate<String> wanted) {
    try (BufferedReader err =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
        if (wanted.test(line)) {
          awaited.complete(line);
        }
      }
      awaited.completeExceptionally(new IOException("it has ended: " + tail()));
    } catch (IOException e) {
      awaited.completeExceptionally(e);
    }
  }

  /** The line that it was started with, once it is there. */
  String await(Duration patience) throws IOException, InterruptedException {
    try {
      return awaited.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the process does not say that it has started: " + tail(), e);
    }
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for its end, which has to be a good one. */
  void awaitSuccess(Duration patience) throws IOException, InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      throw new IOException("the process has not ended well: " + tail());
    }
  }

  /** What it has used of the processors; 0 once it has ended. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private String tail() {
    synchronized (lines) {
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
