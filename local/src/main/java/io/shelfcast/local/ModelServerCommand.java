package io.shelfcast.local;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.local.model.Behaviour;
import io.shelfcast.local.model.ModelScores;
import io.shelfcast.local.model.ModelServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the model server until it is stopped. */
@Command(
    name = "model-server",
    description =
        "Run a stand-in for the model, which speaks the Open Inference Protocol version 2, until it"
            + " is stopped.")
final class ModelServerCommand implements Callable<Integer> {

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8081",
      converter = PortNumber.class,
      description =
          "Port of 127.0.0.1 to listen at; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--scores",
      paramLabel = "GLOB",
      description =
          "Score files (Parquet or CSV) whose newest scores to give. Default: generated scores.")
  private @Nullable String scores;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of generated scores, as for generate (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--models",
      paramLabel = "NAME",
      split = ",",
      description =
          "Model versions to know, as in A,B. Default: those in the files, or any for generated"
              + " scores.")
  private List<String> models = List.of();

  @Option(
      names = "--latency",
      paramLabel = "T",
      defaultValue = "PT0S",
      converter = IsoDuration.class,
      description = "How late to answer each call, for example PT0.02S.")
  private Duration latency = Duration.ZERO;

  @Option(
      names = "--errorRate",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of calls to answer with 503, from 0 (default) to 1.")
  private double errorRate;

  @Option(
      names = "--maxCallsPerSecond",
      paramLabel = "N",
      defaultValue = "0",
      description = "Answer calls above this with 429; 0 (default) for no limit.")
  private double maxCallsPerSecond;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  @SuppressWarnings("try") // The task is held, not used.
  public Integer call() throws IOException, InterruptedException {
    Behaviour behaviour = behaviour();
    ModelScores model = model();
    try (ModelServer server = start(model, behaviour);
        Cleanup.Task onExit = Cleanup.onExit(() -> stop(server))) {
      spec.commandLine().getErr().println("model server: listening on " + server.url());
      Cleanup.awaitExit();
      return 0;
    }
  }

  private Behaviour behaviour() {
    try {
      return new Behaviour(latency, errorRate, maxCallsPerSecond);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private ModelScores model() throws IOException {
    for (String name : models) {
      if (!ModelVersion.isValidName(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--models has '%s'; write 1 to 64 of letters, digits, '.', '_' and '-' for each"
                .formatted(name));
      }
    }
    Set<String> names = new LinkedHashSet<>(models);
    return scores == null
        ? ModelScores.generated(seed, names)
        : ModelScores.ofFiles(List.of(scores), names, Instant.now());
  }

  private ModelServer start(ModelScores model, Behaviour behaviour) throws IOException {
    try {
      return ModelServer.start(port, model, behaviour);
    } catch (BindException e) {
      throw new CommandException(
          "port %d is taken; give another with --port (0 takes a free one)".formatted(port), e);
    }
  }

  private void stop(ModelServer server) {
    server.close();
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "model server: %d calls answered, %d refused, %d items scored"
            .formatted(server.callsAnswered(), server.callsRefused(), server.itemsScored()));
    err.flush();
  }
}
