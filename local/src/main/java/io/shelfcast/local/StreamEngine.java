package io.shelfcast.local;

import io.shelfcast.run.FailureMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of streaming pipelines on one machine: a Flink cluster in this process, with
 * checkpoints on disk. A cluster and not Flink's local mode, so that a job can be drained and its
 * counters read when it has ended.
 */
final class StreamEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamEngine.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How often a job makes its progress durable, and commits its offsets. */
  private static final Duration CHECKPOINTS = Duration.ofSeconds(1);

  private static final Duration LONGEST_CHECKPOINT = Duration.ofHours(1);

  /** How long results may wait for a bundle to end. */
  private static final Duration BUNDLES = Duration.ofMillis(50);

  private final FlinkFolder folder;
  private final StreamState state;
  private final MiniCluster cluster;
  private final Path noClasses;

  private StreamEngine(FlinkFolder folder, StreamState state, MiniCluster cluster, Path noClasses) {
    this.folder = folder;
    this.state = state;
    this.cluster = cluster;
    this.noClasses = noClasses;
  }

  /**
   * Starts one.
   *
   * @param job what the job does, as {@link StreamState#open} wants it
   * @param settings what its state depends on besides
   */
  static StreamEngine start(Path home, String job, String settings) throws IOException {
    StreamState state = StreamState.open(home, job, settings);
    try {
      return start(home, state);
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private static StreamEngine start(Path home, StreamState state) throws IOException {
    FlinkFolder folder = FlinkFolder.create(home);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration(folder.path(), state.folder()))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(LocalEngine.parallelism())
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      close(cluster);
      folder.close();
      throw new IOException("Flink does not start: " + e.getMessage(), e);
    }
    // Every class is on the cluster's own class path, but a remote one has to be sent something.
    Path noClasses = folder.path().resolve("no-classes.jar");
    new JarOutputStream(Files.newOutputStream(noClasses), new Manifest()).close();
    return new StreamEngine(folder, state, cluster, noClasses);
  }

  private static Configuration configuration(Path temporary, Path checkpoints) {
    Configuration flink = new Configuration();
    flink.setString("io.tmp.dirs", temporary.toString());
    flink.setString("rest.address", "127.0.0.1");
    flink.setString("rest.bind-address", "127.0.0.1");
    flink.setString("rest.bind-port", "0");
    flink.setString("state.backend.type", "hashmap");
    flink.setString("state.checkpoints.dir", checkpoints.toUri().toString());
    flink.setString("metrics.reporters", "counters");
    flink.setString(
        "metrics.reporter.counters.factory.class", FlinkCounters.Factory.class.getName());
    // Ten failures in five minutes, and it is given up: a database that is away for a while is
    // not, and what cannot work is told.
    flink.setString("restart-strategy.type", "failure-rate");
    flink.setString("restart-strategy.failure-rate.max-failures-per-interval", "10");
    flink.setString("restart-strategy.failure-rate.failure-rate-interval", "5 min");
    flink.setString("restart-strategy.failure-rate.delay", "1 s");
    // They are for Hadoop clusters, and ask for what Java 24 no longer has.
    flink.setString("security.delegation.tokens.enabled", "false");
    return flink;
  }

  /** Adds what a pipeline's arguments say nothing of; true when it goes on from a checkpoint. */
  boolean addTo(List<String> arguments) throws IOException {
    var rest = await(cluster.getRestAddress());
    LocalEngine.addUnlessGiven(arguments, "--runner=", "FlinkRunner");
    LocalEngine.addUnlessGiven(arguments, "--flinkMaster=", rest.getHost() + ":" + rest.getPort());
    LocalEngine.addUnlessGiven(arguments, "--filesToStage=", noClasses.toString());
    LocalEngine.addUnlessGiven(arguments, "--attachedMode=", "false");
    LocalEngine.addUnlessGiven(
        arguments, "--parallelism=", String.valueOf(LocalEngine.parallelism()));
    LocalEngine.addUnlessGiven(arguments, "--objectReuse=", "true");
    LocalEngine.addUnlessGiven(arguments, "--fasterCopy=", "true");
    LocalEngine.addUnlessGiven(
        arguments, "--checkpointingInterval=", String.valueOf(CHECKPOINTS.toMillis()));
    LocalEngine.addUnlessGiven(arguments, "--externalizedCheckpointsEnabled=", "true");
    LocalEngine.addUnlessGiven(arguments, "--retainExternalizedCheckpointsOnCancellation=", "true");
    LocalEngine.addUnlessGiven(
        arguments, "--maxBundleTimeMills=", String.valueOf(BUNDLES.toMillis()));
    // While a model is down, a bundle and with it a checkpoint takes as long as calls are retried,
    // one after the other. That is no failure.
    LocalEngine.addUnlessGiven(arguments, "--failOnCheckpointingErrors=", "false");
    LocalEngine.addUnlessGiven(
        arguments, "--checkpointTimeoutMillis=", String.valueOf(LONGEST_CHECKPOINT.toMillis()));
    // Otherwise what a bundle gives out at its end waits in the checkpoint for the next element.
    LocalEngine.addUnlessGiven(arguments, "--finishBundleBeforeCheckpointing=", "true");
    Optional<Path> checkpoint = state.newestCheckpoint();
    if (checkpoint.isEmpty()) {
      return false;
    }
    LocalEngine.addUnlessGiven(arguments, "--savepointPath=", checkpoint.get().toUri().toString());
    return true;
  }

  /** How the job failed for good, or is failing now; nothing when it does not. */
  Optional<Throwable> failure() throws IOException {
    var failure = await(cluster.getExecutionGraph(job().getJobId())).getFailureInfo();
    return failure == null
        ? Optional.empty()
        : Optional.of(failure.getException().deserializeError(StreamEngine.class.getClassLoader()));
  }

  Path stateFolder() {
    return state.folder();
  }

  /** Whether all of the job's tasks run. */
  boolean isRunning() throws IOException {
    for (AccessExecutionVertex task :
        await(cluster.getExecutionGraph(job().getJobId())).getAllExecutionVertices()) {
      if (task.getExecutionState() != ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ends the job: reads no more, finishes what was read, commits its offsets.
   *
   * @return false when it does not end in time; then it goes on from its last checkpoint next time
   */
  boolean drain(Duration patience) throws IOException {
    JobID job = job().getJobId();
    Instant deadline = Instant.now().plus(patience);
    while (true) {
      Future<String> savepoint =
          cluster.stopWithSavepoint(
              job,
              state.folder().resolve("drained").toUri().toString(),
              true,
              SavepointFormatType.CANONICAL);
      try {
        savepoint.get(Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
        cluster.requestJobResult(job).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        state.clear();
        return true;
      } catch (ExecutionException e) {
        // As when a task is just starting, or goes on after a failure.
        LOG.info("the job does not drain yet: {}", FailureMessage.of(e));
        if (cluster.getJobStatus(job).join().isTerminalState() || Instant.now().isAfter(deadline)) {
          return false;
        }
        pause();
      } catch (TimeoutException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
  }

  private JobStatusMessage job() throws IOException {
    Collection<JobStatusMessage> jobs = await(cluster.listJobs());
    return jobs.stream()
        .findFirst()
        .orElseThrow(() -> new IOException("no job runs on this process's Flink"));
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Flink does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for Flink", e);
    }
  }

  private static void close(MiniCluster cluster) throws IOException {
    try {
      cluster.closeAsync().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Flink does not stop: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      close(cluster);
    } finally {
      state.close();
      folder.close();
    }
  }
}
