package io.shelfcast.serving;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The read API as a process of its own, without anything embedded: what an image starts. Runs until
 * it is told to stop, and then drains. It logs one JSON object per line, to standard error.
 */
@Command(
    name = "shelfcast-serving",
    mixinStandardHelpOptions = true,
    description = "Answer bulk reads of scores and decisions, over HTTP and gRPC.")
public final class Main implements Callable<Integer> {

  @Mixin private ServeArguments arguments = new ServeArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  public static void main(String[] args) {
    JsonLog.toStandardError();
    CommandLine command = new CommandLine(new Main());
    command.registerConverter(Duration.class, Main::duration);
    command.setParameterExceptionHandler(
        (e, given) -> {
          String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
          command.getErr().println("shelfcast-serving: " + message + " (see --help)");
          return 2;
        });
    command.setExecutionExceptionHandler(
        (e, line, given) -> {
          line.getErr().println("shelfcast-serving: " + e.getMessage());
          return e instanceof IllegalArgumentException ? 2 : 1;
        });
    System.exit(command.execute(args));
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration: write for example PT0.5S or PT30M");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServerSettings settings = arguments.server();
    AvailabilityReader reader =
        AvailabilityReader.open(
            arguments.reader(arguments.database(), arguments.bootstrapServers()), registry);
    AvailabilityServer server = AvailabilityServer.start(settings, reader, registry);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  reader.close();
                  stopped.countDown();
                },
                "shelfcast-drain"));
    PrintWriter err = spec.commandLine().getErr();
    err.println("listening on " + server.url());
    err.flush();
    stopped.await();
    return 0;
  }
}
