package io.shelfcast.local;

import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.serving.ServeArguments;
import io.shelfcast.store.Migrations;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The read API, until it is stopped. Without a database that the user names the embedded one
 * answers, and refresh requests go to the embedded broker, where {@code refresh} finds them.
 */
@Command(
    name = "serve",
    description =
        "Answer bulk reads of scores and decisions, over HTTP and gRPC, until stopped (Ctrl-C).")
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  /** How to tell what happens. */
  enum LogFormat {
    text,
    json
  }

  @Mixin private ServeArguments arguments = new ServeArguments();

  @Option(
      names = "--logFormat",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default), or json: an object per line, for log collectors.")
  private LogFormat logFormat = LogFormat.text;

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine commandLine() {
    return new CommandLine(new ServeCommand())
        .registerConverter(Duration.class, new IsoDuration())
        .registerConverter(int.class, new WholeNumber());
  }

  @Override
  @SuppressWarnings("try") // The tasks are held, not used.
  public Integer call() throws IOException, InterruptedException {
    arguments.check();
    if (logFormat == LogFormat.json) {
      Logs.json();
    }
    Logs.ofServing();
    try (ServingDatabase database = database();
        @Nullable LocalKafka kafka = kafka();
        Cleanup.Task leaveKafka = Cleanup.onExit(() -> close(kafka));
        LocalServer server = start(database, brokers(kafka));
        Cleanup.Task drain = Cleanup.onExit(server::close)) {
      say("listening on " + server.url() + " (/metrics, /openapi.json); Ctrl-C stops it");
      say(whereRequestsGo(kafka));
      Cleanup.awaitExit();
      return 0;
    }
  }

  private ServingDatabase database() throws IOException {
    if (arguments.jdbcUrl() != null) {
      // Not asked whether it is there: the server waits for it, and says so.
      return ServingDatabase.of(arguments.database());
    }
    ServingDatabase database = ServingDatabase.embedded();
    try {
      Migrations.migrate(database.config());
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Only beside the embedded database: another one's items are not for the local refresh. */
  private @Nullable LocalKafka kafka() throws IOException {
    if (arguments.bootstrapServers() != null || arguments.jdbcUrl() != null) {
      return null;
    }
    LocalKafka kafka = LocalKafka.open(ServingDatabase.home());
    try {
      kafka.createTopic(arguments.requestsTopic(), LocalKafka.PARTITIONS);
      return kafka;
    } catch (IOException | RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private LocalServer start(ServingDatabase database, @Nullable String brokers) {
    return LocalServer.start(arguments.server(), arguments.reader(database.config(), brokers));
  }

  private @Nullable String brokers(@Nullable LocalKafka kafka) {
    return kafka == null ? arguments.bootstrapServers() : kafka.bootstrapServers();
  }

  private static void close(@Nullable LocalKafka kafka) {
    if (kafka != null) {
      kafka.close();
    }
  }

  private String whereRequestsGo(@Nullable LocalKafka kafka) {
    String brokers = brokers(kafka);
    if (brokers == null) {
      return "stale items are not asked to be refreshed; --bootstrapServers names the brokers for"
          + " that";
    }
    String where = "stale items are asked to be refreshed: %s on %s";
    return where.formatted(arguments.requestsTopic(), brokers)
        + (kafka == null ? "" : "; ./shelfcast refresh does it");
  }

  private void say(String what) {
    if (logFormat == LogFormat.json) {
      LOG.info(what);
    } else {
      spec.commandLine().getErr().println("serve: " + what);
      spec.commandLine().getErr().flush();
    }
  }
}
