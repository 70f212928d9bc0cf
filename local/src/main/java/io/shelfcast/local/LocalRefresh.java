package io.shelfcast.local;

import io.shelfcast.refresh.RefreshOptions;
import io.shelfcast.refresh.RefreshPipeline;
import io.shelfcast.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A refresh that runs on Flink in this process, until it is drained. When the process is killed
 * instead, the next one goes on from its last checkpoint, a second or two old.
 */
public final class LocalRefresh implements AutoCloseable {

  private final StreamEngine engine;
  private final PipelineResult result;
  private final RefreshOptions options;
  private final boolean resumed;

  /** What earlier jobs of this process have counted. */
  private final Map<String, Long> countedBefore;

  private LocalRefresh(
      StreamEngine engine,
      PipelineResult result,
      RefreshOptions options,
      boolean resumed,
      Map<String, Long> countedBefore) {
    this.engine = engine;
    this.result = result;
    this.options = options;
    this.resumed = resumed;
    this.countedBefore = countedBefore;
  }

  /**
   * Starts one.
   *
   * @param home where the engine has its files
   * @param arguments the pipeline's
   * @param database which one it is: the embedded one may be at another address each time
   * @throws IllegalArgumentException when one of them is wrong
   * @throws IllegalStateException when another process reads the same topics for the same group
   */
  public static LocalRefresh start(
      Path home, List<String> arguments, String database, RunListener listener) throws IOException {
    RefreshOptions asked = parse(arguments);
    StreamEngine engine =
        StreamEngine.start(
            home,
            String.join(
                "\n",
                asked.getRequestsTopic(),
                String.valueOf(asked.getScoresTopic()),
                asked.getConsumerGroup()),
            // The source in the state has the consumer's settings, and what is remembered the
            // numbers that the database has for model versions.
            String.join(
                "\n",
                asked.getBootstrapServers(),
                String.valueOf(asked.getKafkaConfig()),
                database));
    try {
      List<String> all = new ArrayList<>(arguments);
      boolean resumed = engine.addTo(all);
      RefreshOptions options = parse(all);
      Map<String, Long> countedBefore = FlinkCounters.read();
      return new LocalRefresh(
          engine, RefreshPipeline.start(options, listener), options, resumed, countedBefore);
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  static RefreshOptions parse(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .withValidation()
        .as(RefreshOptions.class);
  }

  RefreshOptions options() {
    return options;
  }

  /** Whether it goes on from the checkpoint of one that was killed. */
  boolean isResumed() {
    return resumed;
  }

  /** What it has counted by now, by name: see the metrics in the README. */
  public Map<String, Long> counters() {
    Map<String, Long> counted = new HashMap<>(FlinkCounters.read());
    counted.replaceAll((name, count) -> count - countedBefore.getOrDefault(name, 0L));
    return counted;
  }

  /** Where its checkpoints are. */
  Path state() {
    return engine.stateFolder();
  }

  /** Whether it is reading: all of its steps have started. */
  public boolean isRunning() throws IOException {
    return engine.isRunning();
  }

  /** Whether it has ended, which it does on its own only when it has failed for good. */
  boolean isOver() {
    return result.getState().isTerminal();
  }

  /** What it failed of last; while it is not over, it goes on from its last checkpoint. */
  Optional<Throwable> failure() throws IOException {
    return engine.failure();
  }

  /**
   * Ends it: reads no more, finishes what was read, commits its offsets.
   *
   * @return false when it does not end in time; then the next one goes on from its last checkpoint
   */
  public boolean drain(Duration patience) throws IOException {
    return engine.drain(patience);
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
