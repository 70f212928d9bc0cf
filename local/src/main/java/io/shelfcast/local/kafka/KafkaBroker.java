package io.shelfcast.local.kafka;

import io.shelfcast.local.net.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this process that is its own controller (KRaft), small enough to stand beside a
 * pipeline on a laptop. To be started by one at a time, across processes.
 */
final class KafkaBroker {
  private static final int START_ATTEMPTS = 3;
  private static final Duration PORT_PATIENCE = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);

  static {
    // Kafka ends the process when its disk fails, which without this it would do without a word.
    Exit.setHaltProcedure(
        (status, message) -> {
          LOG.error(
              "the embedded Kafka broker cannot go on (is its folder gone, or the disk full?)");
          Runtime.getRuntime().halt(status);
        });
  }

  private final KafkaRaftServer server;
  private final int port;

  private KafkaBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts it, and waits until it takes connections.
   *
   * @param wantedPort the port that it has to have; 0 if it need not have a certain one
   * @param keptPort the port that it had before; taken if it is free
   */
  static KafkaBroker start(Path folder, int wantedPort, int keptPort) throws IOException {
    Path data = folder.resolve("data");
    if (Files.notExists(data)) {
      createData(folder, data);
    }
    int port = wantedPort != 0 ? wantedPort : keptPort;
    if (port != 0 && !getsFree(port) && port == wantedPort) {
      throw taken(wantedPort, null);
    }
    for (int attempt = 1; ; attempt++) {
      if (!Loopback.isFree(port)) {
        port = Loopback.freePort();
      }
      KafkaRaftServer server =
          new KafkaRaftServer(new KafkaConfig(settings(data, port), false), Time.SYSTEM);
      try {
        server.startup();
        return new KafkaBroker(server, port);
      } catch (Exception e) { // Scala's methods throw checked exceptions without declaring them.
        server.shutdown();
        if (attempt == START_ATTEMPTS || !couldNotBind(e)) {
          throw new LocalKafkaException(
              "the Kafka broker in %s does not start: %s".formatted(folder, e.getMessage()), e);
        }
        // Someone took one of the ports between our look and Kafka's.
        if (wantedPort != 0 && !Loopback.isFree(wantedPort)) {
          throw taken(wantedPort, e);
        }
      }
    }
  }

  int port() {
    return port;
  }

  void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static Properties settings(Path data, int port) throws IOException {
    int controllerPort = Loopback.freePort();
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@" + Loopback.HOST + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners",
        "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d"
            .formatted(Loopback.HOST, port, controllerPort));
    settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    settings.put("log.dirs", data.toString());
    settings.put("auto.create.topics.enable", "false");

    // There is nobody to replicate to, and nobody else to wait for.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");

    // A killed broker is taken for alive this long, and its successor has to wait; the default of 9
    // seconds allows for a network.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");

    // Sized for a laptop.
    settings.put("num.network.threads", "1");
    settings.put("num.io.threads", "2");
    settings.put("background.threads", "2");
    settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    return settings;
  }

  /** Made aside and moved into place, so that a kill never leaves half a data directory. */
  private static void createData(Path folder, Path data) throws IOException {
    Path fresh = folder.resolve("formatting");
    deleteTree(fresh);
    Files.createDirectories(fresh);
    Path configuration = folder.resolve("format.properties");
    try (Writer writer = Files.newBufferedWriter(configuration)) {
      settings(fresh, Loopback.freePort()).store(writer, null);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int exitCode;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      exitCode =
          StorageTool.execute(
              new String[] {
                "format", "-t", Uuid.randomUuid().toString(), "-c", configuration.toString()
              },
              out);
    }
    if (exitCode != 0) {
      throw new LocalKafkaException(
          "cannot make Kafka's data in %s: %s"
              .formatted(folder, said.toString(StandardCharsets.UTF_8).strip()));
    }
    Files.delete(configuration);
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Waits a little: the system takes a killed process's lock from it before its port. */
  private static boolean getsFree(int port) throws LocalKafkaException {
    long deadline = System.nanoTime() + PORT_PATIENCE.toNanos();
    while (!Loopback.isFree(port)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LocalKafkaException("interrupted while waiting for port " + port, e);
      }
    }
    return true;
  }

  private static boolean couldNotBind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static LocalKafkaException taken(int port, @Nullable Throwable cause) {
    return new LocalKafkaException(
        "port %d is taken; give another with --port, or none for one that is free".formatted(port),
        cause);
  }
}
