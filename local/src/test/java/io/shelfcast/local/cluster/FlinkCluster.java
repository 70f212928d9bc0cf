package io.shelfcast.local.cluster;

import io.shelfcast.local.net.Loopback;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A standalone Flink cluster, as one is set up on a few machines: a JobManager and two TaskManagers
 * as processes that know each other by addresses only. It is without high availability: who kills
 * the JobManager has to submit the job anew, from a checkpoint.
 */
final class FlinkCluster implements AutoCloseable {

  static final int TASK_MANAGERS = 2;
  static final int SLOTS = 2 * TASK_MANAGERS;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Path folder;
  private final int restPort;
  private final ServerProcess jobManager;
  private final List<ServerProcess> taskManagers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private FlinkCluster(Path folder, int restPort, ServerProcess jobManager) {
    this.folder = folder;
    this.restPort = restPort;
    this.jobManager = jobManager;
  }

  /** Starts one, whose configuration and checkpoints are under the folder. */
  static FlinkCluster start(Path folder, Path logs) throws IOException {
    int restPort = Loopback.freePort();
    Files.createDirectories(folder.resolve("tmp"));
    Files.createDirectories(folder.resolve("checkpoints"));
    Files.write(folder.resolve("flink-conf.yaml"), configuration(folder, restPort));
    new JarOutputStream(Files.newOutputStream(folder.resolve("no-classes.jar")), new Manifest())
        .close();
    String[] config = {"--configDir", folder.toString()};
    FlinkCluster cluster =
        new FlinkCluster(
            folder,
            restPort,
            ServerProcess.start(
                folder,
                logs.resolve("jobmanager.log"),
                "512m",
                StandaloneSessionClusterEntrypoint.class.getName(),
                config[0],
                config[1]));
    for (int i = 1; i <= TASK_MANAGERS; i++) {
      cluster.taskManagers.add(
          ServerProcess.start(
              folder,
              logs.resolve("taskmanager-" + i + ".log"),
              "512m",
              TaskManagerRunner.class.getName(),
              config[0],
              config[1]));
    }
    cluster.awaitTaskManagers();
    return cluster;
  }

  private static List<String> configuration(Path folder, int restPort) throws IOException {
    return List.of(
        "jobmanager.rpc.address: " + Loopback.HOST,
        "jobmanager.bind-host: " + Loopback.HOST,
        "jobmanager.rpc.port: " + Loopback.freePort(),
        "rest.address: " + Loopback.HOST,
        "rest.bind-address: " + Loopback.HOST,
        "rest.port: " + restPort,
        "taskmanager.host: " + Loopback.HOST,
        "taskmanager.bind-host: " + Loopback.HOST,
        "taskmanager.numberOfTaskSlots: " + SLOTS / TASK_MANAGERS,
        // One by one, and no process.size: Flink's scripts would reckon them, and are not here.
        "taskmanager.cpu.cores: 1",
        "taskmanager.memory.task.heap.size: 384mb",
        "taskmanager.memory.task.off-heap.size: 0mb",
        "taskmanager.memory.framework.heap.size: 128mb",
        "taskmanager.memory.framework.off-heap.size: 64mb",
        "taskmanager.memory.managed.size: 32mb",
        "taskmanager.memory.network.min: 64mb",
        "taskmanager.memory.network.max: 64mb",
        "taskmanager.memory.jvm-metaspace.size: 256mb",
        "taskmanager.memory.jvm-overhead.min: 64mb",
        "taskmanager.memory.jvm-overhead.max: 64mb",
        "io.tmp.dirs: " + folder.resolve("tmp"),
        "classloader.resolve-order: parent-first",
        "state.backend.type: hashmap",
        "state.checkpoints.dir: " + folder.resolve("checkpoints").toUri(),
        "restart-strategy.type: fixed-delay",
        "restart-strategy.fixed-delay.attempts: 1000",
        "restart-strategy.fixed-delay.delay: 1 s",
        // How soon a TaskManager gives up the job of a JobManager that was killed.
        "heartbeat.interval: 1000",
        "heartbeat.timeout: 10000",
        "security.delegation.tokens.enabled: false");
  }

  /** What Beam's runner has to be told to run a job here. */
  List<String> arguments() {
    return List.of(
        "--runner=FlinkRunner",
        "--flinkMaster=" + Loopback.HOST + ':' + restPort,
        "--attachedMode=false",
        // Every class is on the cluster's own class path, but it has to be sent something.
        "--filesToStage=" + folder.resolve("no-classes.jar"),
        "--parallelism=" + SLOTS,
        "--checkpointingInterval=1000",
        "--externalizedCheckpointsEnabled=true",
        "--retainExternalizedCheckpointsOnCancellation=true",
        "--finishBundleBeforeCheckpointing=true",
        "--maxBundleTimeMills=50");
  }

  /** Kills a TaskManager and starts one in its place. */
  void replaceTaskManager() throws IOException {
    taskManagers.get(0).kill();
    taskManagers.get(0).startAgain();
  }

  /** Kills the JobManager; with it, the job is gone. */
  void killJobManager() {
    jobManager.kill();
  }

  /** A JobManager at the address of the one that was killed, which the TaskManagers come to. */
  void startJobManagerAgain() throws IOException {
    jobManager.startAgain();
    awaitTaskManagers();
  }

  /** The last checkpoint that is complete, of whatever job. */
  Path newestCheckpoint() {
    return newest().orElseThrow();
  }

  /** Waits until there is another checkpoint. */
  void awaitCheckpoint() {
    Optional<Path> before = newest();
    Await.until("another checkpoint", PATIENCE, () -> !newest().equals(before));
  }

  private Optional<Path> newest() {
    return files(folder.resolve("checkpoints").toFile())
        .flatMap(FlinkCluster::files)
        // Flink writes it when all else of the checkpoint is there.
        .map(checkpoint -> new File(checkpoint, "_metadata"))
        .filter(File::exists)
        .max(Comparator.comparing(File::lastModified))
        .map(metadata -> metadata.getParentFile().toPath());
  }

  /** Of a folder; of one that is gone by now none. */
  private static Stream<File> files(File parent) {
    return Stream.ofNullable(parent.listFiles()).flatMap(Stream::of);
  }

  private void awaitTaskManagers() {
    Await.until(
        "all TaskManagers at the JobManager",
        PATIENCE,
        () -> number("/overview", "slots-total") == SLOTS);
  }

  /** How many jobs run. */
  long jobsRunning() throws IOException {
    return number("/overview", "jobs-running");
  }

  private long number(String path, String field) throws IOException {
    String answer = get(path);
    Matcher matcher = Pattern.compile('"' + field + "\":(\\d+)").matcher(answer);
    if (!matcher.find()) {
      throw new IOException("no " + field + " in " + answer);
    }
    return Long.parseLong(matcher.group(1));
  }

  private String get(String path) throws IOException {
    URI uri = URI.create("http://" + Loopback.HOST + ':' + restPort + path);
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    taskManagers.forEach(ServerProcess::close);
    jobManager.close();
  }
}
