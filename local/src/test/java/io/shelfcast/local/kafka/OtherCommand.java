package io.shelfcast.local.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another command: a JVM that opens the Kafka broker of a home, and leaves when it is told to. */
final class OtherCommand implements AutoCloseable {
  private final Process process;
  private final BufferedReader says;

  private OtherCommand(Process process) {
    this.process = process;
    this.says = process.inputReader(StandardCharsets.UTF_8);
  }

  static OtherCommand launch(Path home) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new OtherCommand(
        new ProcessBuilder(
                java.toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherCommand.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Waits until it has the broker, and returns its address. */
  String address() throws IOException {
    return says.readLine();
  }

  void leave() throws IOException, InterruptedException {
    process.getOutputStream().close();
    awaitEnd();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the other command does not end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws IOException {
    LocalKafka kafka = LocalKafka.open(Path.of(args[0]));
    // Left in a shutdown hook, as commands that are told to end do.
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(kafka.bootstrapServers());
      while (in.readLine() != null) {
        // Stays until its standard input ends.
      }
    }
    System.exit(0);
  }
}
