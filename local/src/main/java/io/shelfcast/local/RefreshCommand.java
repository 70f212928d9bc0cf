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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The refresh, until it is stopped, with the pipeline's own options. What these do not name is
 * embedded: the database, the broker, a model server that scores as the generator does.
 */
final class RefreshCommand implements Callable<Integer> {

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
    boolean embedded = !PipelineOptionsSpec.isGiven(arguments, "--jdbcUrl=");
    try (ServingDatabase database = ServingDatabase.completing(arguments, LocalRefresh::parse);
        EmbeddedPart kafka = EmbeddedPart.of(kafka(arguments));
        EmbeddedPart model = EmbeddedPart.of(model(arguments))) {
      return PipelineOptionsSpec.isGiven(arguments, "--runner=")
          ? runElsewhere(arguments)
          : runHere(arguments, embedded);
    } finally {
      stopped.countDown();
    }
  }

  @SuppressWarnings("try") // The task is held, not used.
  private int runHere(List<String> arguments, boolean embedded) throws IOException {
    RefreshOptions asked = LocalRefresh.parse(arguments);
    try (LocalRefresh refresh =
            LocalRefresh.start(
                ServingDatabase.home(),
                arguments,
                embedded ? "embedded" : asked.getJdbcUrl(),
                listener(asked));
        // After the engine's own, which is then done later.
        Cleanup.Task onExit = Cleanup.onExit(this::stopAndWait)) {
      if (refresh.isResumed()) {
        say("goes on from the checkpoint of one that was killed");
      }
      RefreshProgress progress = new RefreshProgress(refresh::counters, err());
      @Nullable Throwable failure = watch(refresh, progress);
      if (failure != null) {
        progress.finished("failed");
        Main.tell(spec.commandLine(), failure);
        return Main.FAILED;
      }
      say("stopping: finishes what it has read");
      boolean drained = refresh.drain(DRAIN);
      progress.finished(
          drained ? "stopped" : "stopped before all was done; the next start does the rest;");
      print(progress);
      return drained ? 0 : Main.FAILED;
    }
  }

  /** Until it is to stop, or has failed for good: then why. */
  private @Nullable Throwable watch(LocalRefresh refresh, RefreshProgress progress)
      throws IOException {
    @Nullable String told = null;
    boolean running = false;
    while (!isStopping()) {
      if (!running && refresh.isRunning()) {
        running = true;
        progress.started(refresh.options());
      }
      progress.tick();
      Throwable failure = refresh.failure().orElse(null);
      if (refresh.isOver()) {
        if (refresh.isResumed() && !running) {
          say("to begin without the state of the one that was killed, delete " + refresh.state());
        }
        return failure == null ? new IllegalStateException("the pipeline has ended") : failure;
      }
      String message = failure == null ? null : FailureMessage.of(failure);
      if (message != null && !message.equals(told)) {
        say("failed, and goes on from its last checkpoint: " + message);
        told = message;
      }
    }
    return null;
  }

  /** On the engine that the user names, which is asked for no more than Beam's interface has. */
  @SuppressWarnings("try") // The task is held, not used.
  private int runElsewhere(List<String> arguments) throws IOException {
    arguments.addAll(
        List.of(
            "--blockOnRun=false",
            "--enforceImmutability=false",
            "--enforceEncodability=false",
            "--attachedMode=false"));
    RefreshOptions options = LocalRefresh.parse(arguments);
    PipelineResult result = RefreshPipeline.start(options, listener(options));
    RefreshProgress progress = new RefreshProgress(() -> counters(result), err());
    progress.started(options);
    try (Cleanup.Task onExit = Cleanup.onExit(this::stopAndWait)) {
      while (!isStopping() && !result.getState().isTerminal()) {
        progress.tick();
      }
      boolean failed = result.getState().isTerminal();
      if (!failed) {
        result.cancel();
        say("cancelled, which no engine but the default one can do without leaving out what it");
        say("had read and not yet written: up to --maxBatchWait of requests, and calls in flight");
      }
      progress.finished(failed ? "failed" : "cancelled");
      print(progress);
      return failed ? Main.FAILED : 0;
    }
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

  /** Waits for a second. */
  private boolean isStopping() {
    try {
      return stop.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      if (!stopped.await(DRAIN.toSeconds() + 30, TimeUnit.SECONDS)) {
        say("gave up waiting for the end; nothing is lost, the next start does the rest");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable LocalKafka kafka(List<String> arguments) throws IOException {
    if (PipelineOptionsSpec.isGiven(arguments, "--bootstrapServers=")) {
      KafkaTopics.check(LocalRefresh.parse(arguments));
      return null;
    }
    LocalKafka kafka = LocalKafka.open(ServingDatabase.home());
    arguments.add("--bootstrapServers=" + kafka.bootstrapServers());
    RefreshOptions options = LocalRefresh.parse(arguments);
    try {
      kafka.createTopic(options.getRequestsTopic(), LocalKafka.PARTITIONS);
      String scores = options.getScoresTopic();
      if (scores != null) {
        kafka.createTopic(scores, LocalKafka.PARTITIONS);
      }
      return kafka;
    } catch (IOException | RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private static @Nullable ModelServer model(List<String> arguments) throws IOException {
    if (PipelineOptionsSpec.isGiven(arguments, "--scoringUrl=")) {
      return null;
    }
    ModelServer server =
        ModelServer.start(0, ModelScores.generated(1, Set.of()), Behaviour.PERFECT);
    arguments.add("--scoringUrl=" + server.url());
    return server;
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
}
