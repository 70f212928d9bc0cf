package io.shelfcast.local;

import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.model.Behaviour;
import io.shelfcast.local.model.ModelScores;
import io.shelfcast.local.model.ModelServer;
import io.shelfcast.refresh.RefreshOptions;
import io.shelfcast.refresh.RefreshPipeline;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.FailureMessage;
import io.shelfcast.transforms.Counters;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The refresh, until it is stopped, with the pipeline's own options. What these do not name is
 * embedded: the database, the broker, a model server that scores as the generator does.
 */
final class RefreshCommand implements Callable<Integer> {

  /** The embedded topic's: enough for some cores to read at once. */
  static final int PARTITIONS = 8;

  private static final Duration DRAIN = Duration.ofMinutes(3);

  private final CommandSpec spec;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private RefreshCommand() {
    this.spec =
        PipelineOptionsSpec.of(
            this,
            "refresh",
            "Give items that were shown with stale scores fresh ones, until stopped (Ctrl-C).",
            RefreshOptions.class);
  }

  static CommandLine commandLine() {
    return new CommandLine(new RefreshCommand().spec);
  }

  @Override
  @SuppressWarnings("try") // What is held open here is reached by way of the options.
  public Integer call() throws IOException {
    List<String> arguments =
        PipelineOptionsSpec.arguments(
            spec, RefreshOptions.class, "--jdbcUrl", "--bootstrapServers");
    try (ServingDatabase database = ServingDatabase.completing(arguments, RefreshCommand::options);
        Embedded kafka = Embedded.of(kafka(arguments));
        Embedded model = Embedded.of(model(arguments));
        Cleanup.Task onExit = Cleanup.onExit(this::stopAndWait)) {
      boolean flink = arguments.stream().noneMatch(argument -> argument.startsWith("--runner="));
      return flink ? runOnFlink(arguments) : runElsewhere(arguments);
    } finally {
      stopped.countDown();
    }
  }

  private int runOnFlink(List<String> arguments) throws IOException {
    RefreshOptions asked = options(arguments);
    try (StreamEngine engine = StreamEngine.start(ServingDatabase.home(), job(asked))) {
      if (engine.addTo(arguments)) {
        say("goes on from the checkpoint that it left when it was killed");
      }
      RefreshOptions options = options(arguments);
      PipelineResult result = RefreshPipeline.start(options, listener(options));
      RefreshProgress progress = new RefreshProgress(FlinkCounters::read, err());
      progress.started(options);
      @Nullable Throwable failure = watch(result, progress, engine);
      if (failure != null) {
        progress.finished("failed");
        Main.tell(spec.commandLine(), failure);
        return Main.FAILED;
      }
      say("stopping: finishes what it has read");
      boolean drained = engine.drain(DRAIN);
      progress.finished(
          drained
              ? "stopped"
              : "stopped before all was done; the next start goes on with the rest");
      print(progress);
      return 0;
    }
  }

  /** On the user's own engine, which is asked for no more than Beam's interface has. */
  private int runElsewhere(List<String> arguments) throws IOException {
    arguments.add("--blockOnRun=false");
    RefreshOptions options = options(arguments);
    PipelineResult result = RefreshPipeline.start(options, listener(options));
    RefreshProgress progress = new RefreshProgress(() -> counters(result), err());
    progress.started(options);
    @Nullable Throwable failure = watch(result, progress, null);
    if (failure == null) {
      result.cancel();
    }
    progress.finished(failure == null ? "stopped" : "failed");
    print(progress);
    return failure == null ? 0 : Main.FAILED;
  }

  private static Map<String, Long> counters(PipelineResult result) {
    Map<String, Long> counters = new HashMap<>();
    MetricsFilter ours =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.inNamespace(Counters.NAMESPACE))
            .build();
    for (MetricResult<Long> counter : result.metrics().queryMetrics(ours).getCounters()) {
      counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
    return counters;
  }

  /** Until it is to stop, or has failed for good: then why. */
  private @Nullable Throwable watch(
      PipelineResult result, RefreshProgress progress, @Nullable StreamEngine engine)
      throws IOException {
    @Nullable String told = null;
    while (!isStopping(1)) {
      progress.tick();
      Throwable failure = engine == null ? null : engine.failure().orElse(null);
      if (result.getState().isTerminal()) {
        return failure == null
            ? new IllegalStateException("the pipeline ended as " + result.getState())
            : failure;
      }
      String message = failure == null ? null : FailureMessage.of(failure);
      if (message != null && !message.equals(told)) {
        say("failed, and goes on from its last checkpoint: " + message);
        told = message;
      }
    }
    return null;
  }

  private boolean isStopping(int seconds) {
    try {
      return stop.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      if (!stopped.await(DRAIN.toSeconds() + 30, TimeUnit.SECONDS)) {
        say("gave up waiting for the end; nothing is lost, the next start goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable LocalKafka kafka(List<String> arguments) throws IOException {
    if (isGiven(arguments, "--bootstrapServers")) {
      return null;
    }
    LocalKafka kafka = LocalKafka.open(ServingDatabase.home());
    arguments.add("--bootstrapServers=" + kafka.bootstrapServers());
    RefreshOptions options = options(arguments);
    kafka.createTopic(options.getRequestsTopic(), PARTITIONS);
    String scores = options.getScoresTopic();
    if (scores != null) {
      kafka.createTopic(scores, PARTITIONS);
    }
    return kafka;
  }

  private static @Nullable ModelServer model(List<String> arguments) throws IOException {
    if (isGiven(arguments, "--scoringUrl")) {
      return null;
    }
    ModelServer server =
        ModelServer.start(0, ModelScores.generated(1, Set.of()), Behaviour.PERFECT);
    arguments.add("--scoringUrl=" + server.url());
    return server;
  }

  private static boolean isGiven(List<String> arguments, String option) {
    return arguments.stream().anyMatch(argument -> argument.startsWith(option + '='));
  }

  /** What the state of a job depends on: other topics, or another group, are another job. */
  private static String job(RefreshOptions options) {
    return String.join(
        "\n",
        new ArrayList<>(
            List.of(
                options.getBootstrapServers(),
                options.getRequestsTopic(),
                String.valueOf(options.getScoresTopic()),
                options.getConsumerGroup())));
  }

  private static RefreshOptions options(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .withValidation()
        .as(RefreshOptions.class);
  }

  private Progress listener(RefreshOptions options) {
    return new Progress("refresh", DatabaseOptions.configOf(options), err());
  }

  private void print(RefreshProgress progress) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(progress.json());
    out.flush();
  }

  private void say(String what) {
    err().println("refresh: " + what);
    err().flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** A part that is embedded, or not. */
  private record Embedded(@Nullable AutoCloseable part) implements AutoCloseable {
    static Embedded of(@Nullable AutoCloseable part) {
      return new Embedded(part);
    }

    @Override
    public void close() throws IOException {
      if (part != null) {
        try {
          part.close();
        } catch (IOException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }
  }
}
