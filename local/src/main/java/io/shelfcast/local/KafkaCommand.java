package io.shelfcast.local;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.kafka.LocalKafka;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the embedded Kafka broker until it is stopped, for programs that are not commands. */
@Command(name = "kafka", description = "Run the embedded Kafka broker, alone, until it is stopped.")
final class KafkaCommand implements Callable<Integer> {

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      converter = PortNumber.class,
      description = "Port of 127.0.0.1 to listen at; 0 (default) for the one it had before.")
  private int port;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  @SuppressWarnings("try") // The task is held, not used.
  public Integer call() throws IOException, InterruptedException {
    try (LocalKafka kafka = LocalKafka.open(ServingDatabase.home(), port);
        Cleanup.Task onExit = Cleanup.onExit(kafka::close)) {
      if (!kafka.isOwner()) {
        throw new CommandException(
            "another process runs the broker of %s already; it listens on %s"
                .formatted(ServingDatabase.home(), kafka.bootstrapServers()));
      }
      kafka.createTopic(RefreshRequest.TOPIC, LocalKafka.PARTITIONS);
      spec.commandLine()
          .getErr()
          .println(
              "kafka: listening on %s, data in %s"
                  .formatted(kafka.bootstrapServers(), kafka.folder()));
      Cleanup.awaitExit();
      return 0;
    }
  }
}
