package io.shelfcast.local.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.Main;
import io.shelfcast.local.cluster.RequestLoad.Item;
import io.shelfcast.local.net.Loopback;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.refresh.RefreshOptions;
import io.shelfcast.refresh.RefreshPipeline;
import io.shelfcast.run.RunListener;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The refresh on a real, standalone Flink cluster, each part of which is killed in turn while
 * requests come in. Takes minutes, and so has a Maven profile of its own, {@code flink-cluster}.
 */
@Tag("flink-cluster")
@Timeout(600)
class FlinkClusterTest {

  private static final String TOPIC = RefreshRequest.TOPIC;
  private static final int PARTITIONS = 8;
  private static final List<String> VERSIONS = List.of("v1", "v2");
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);
  private static final int SHOWN = 20;
  private static final Path LOGS = Path.of("target", "flink-cluster");
  private static final Logger LOG = LoggerFactory.getLogger(FlinkClusterTest.class);

  @TempDir(cleanup = CleanupMode.ALWAYS)
  private Path home;

  /** Closed in reverse order. */
  private final List<AutoCloseable> parts = new ArrayList<>();

  private LocalPostgres postgres;
  private ServerProcess kafka;
  private ServerProcess model;
  private FlinkCluster flink;
  private RequestLoad load;
  private String brokers;
  private int modelPort;

  /** How long the longest of the recoveries took. */
  private Duration longest = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(LOGS);
    kafka = process("kafka", "kafka");
    modelPort = Loopback.freePort();
    model = process("model-server", "model-server", "--port=" + modelPort);
    flink = FlinkCluster.start(Files.createDirectories(home.resolve("cluster")), LOGS);
    parts.add(flink);
    postgres = LocalPostgres.open(home);
    parts.add(this::closePostgres);
    Runtime.getRuntime().addShutdownHook(new Thread(this::closePostgres));
    Migrations.migrate(database());
    ModelRegistry registry = new ModelRegistry(Database.shared(database()));
    registry.register(VERSIONS.get(0), ModelStatus.CANDIDATE);
    registry.register(VERSIONS.get(1), ModelStatus.CANDIDATE);
    registry.promote(VERSIONS.get(0));
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : Outcome.AUDIT) {
        statement.execute(sql);
      }
    }
    parts.add(Database::closeAll);
    Pattern listening = Pattern.compile("kafka: listening on (\\S+),");
    Await.until("the broker", PATIENCE, () -> listening.matcher(kafka.said()).find());
    Matcher matcher = listening.matcher(kafka.said());
    assertTrue(matcher.find());
    brokers = matcher.group(1);
    Await.until("the model server", PATIENCE, () -> Loopback.answersAt(modelPort));
    load = new RequestLoad(brokers, TOPIC);
    parts.add(load);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).close();
    }
  }

  @Test
  void nothingIsLostWhicheverPartIsKilledUnderLoad() throws Exception {
    submit("before", "earliest");
    awaitThrough("the job's start");
    load.start();

    disturb("TaskManager", flink::replaceTaskManager);
    disturb("JobManager", this::replaceJob);
    disturb("database", this::replaceDatabase);
    disturb("broker", () -> replace(kafka));
    disturb("model server", () -> replace(model));

    load.stop();
    awaitThrough("the end of the load");
    Await.holds(END_PATIENCE, () -> outcome().lost().isEmpty());
    Outcome outcome = outcome();
    LOG.info(
        "{} requests and {} malformed records acknowledged, {} not; {} items, of {} model versions:"
            + " {} scores and {} dead letters; {} dead letters of malformed records; duplicates:"
            + " {} scores written once more, {} dead letters seen once more",
        load.acknowledged(),
        load.malformed().size(),
        load.unacknowledged(),
        load.asked().size(),
        VERSIONS.size(),
        outcome.scores(),
        outcome.itemDeadLetters(),
        outcome.requestDeadLetters(),
        outcome.scoredMore(),
        outcome.deadLettersMore());
    assertEquals(List.of(), outcome.lost().stream().sorted().limit(SHOWN).toList());
    assertEquals(List.of(), outcome.unasked().stream().sorted().limit(SHOWN).toList());
    assertEquals(1, flink.jobsRunning());
    // A restored source goes on committing for the group that it was made for.
    Await.until("all offsets to be committed", PATIENCE, () -> uncommitted() == 0);
    assertEquals(Map.of(), committed("after"));
  }

  /** How many records the first group has not committed, though they are done with. */
  private long uncommitted() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed = committed("before");
    try (Admin admin = admin()) {
      long uncommitted = 0;
      for (int i = 0; i < PARTITIONS; i++) {
        TopicPartition partition = new TopicPartition(TOPIC, i);
        long end =
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
        uncommitted += end - committed.get(partition).offset();
      }
      return uncommitted;
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
    try (Admin admin = admin()) {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", brokers));
  }

  private interface Kill {
    void run() throws Exception;
  }

  /** Kills under load, in a steady state, and waits until all is well again. */
  private void disturb(String what, Kill kill) throws Exception {
    flink.awaitCheckpoint();
    flink.awaitCheckpoint();
    int before = load.acknowledged();
    long start = System.nanoTime();
    kill.run();
    awaitThrough("the kill of the " + what);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    longest = took.compareTo(longest) > 0 ? took : longest;
    LOG.info(
        "{} killed; after {} s a new request gets through, and {} others were sent meanwhile",
        what,
        took.toSeconds(),
        load.acknowledged() - before - PARTITIONS);
    assertTrue(load.acknowledged() > before + PARTITIONS, "there was no load");
  }

  /**
   * The JobManager's end is the job's. It is submitted anew, from its checkpoint: for another
   * consumer group, from the newest records on, and with what the first group has committed
   * deleted, so that nobody but the checkpoint knows what was read.
   */
  private void replaceJob() throws Exception {
    flink.killJobManager();
    Path checkpoint = flink.newestCheckpoint();
    int before = load.acknowledged();
    try (Admin admin = admin()) {
      admin.deleteConsumerGroups(List.of("before")).all().get();
    }
    flink.startJobManagerAgain();
    Await.until("requests that nobody reads", PATIENCE, () -> load.acknowledged() > before + 500);
    submit("after", "latest", "--savepointPath=" + checkpoint.toUri());
  }

  private void replaceDatabase() throws Exception {
    Path pid = home.resolve("postgres/data/postmaster.pid");
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0).strip())).orElseThrow();
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
    server.onExit().get();
    String url = postgres.jdbcUrl();
    LocalPostgres again = LocalPostgres.open(home);
    postgres.close();
    postgres = again;
    assertTrue(postgres.recovered());
    assertEquals(url, postgres.jdbcUrl());
  }

  private void closePostgres() {
    postgres.close();
  }

  private static void replace(ServerProcess process) throws IOException {
    process.kill();
    process.startAgain();
  }

  private void submit(String group, String reset, String... more) {
    List<String> arguments = new ArrayList<>(flink.arguments());
    arguments.addAll(
        List.of(
            "--bootstrapServers=" + brokers,
            "--consumerGroup=" + group,
            "--autoOffsetReset=" + reset,
            "--scoringUrl=http://" + Loopback.HOST + ':' + modelPort,
            "--jdbcUrl=" + postgres.jdbcUrl(),
            "--jdbcUser=" + postgres.user(),
            "--minRefreshInterval=" + INTERVAL));
    arguments.addAll(List.of(more));
    RefreshPipeline.start(
        PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
            .withValidation()
            .as(RefreshOptions.class),
        RunListener.SILENT);
  }

  /** Waits until a new request of every partition has its scores, and so the lag is over. */
  private void awaitThrough(String after) throws Exception {
    List<Item> probes = IntStream.range(0, PARTITIONS).mapToObj(load::probe).toList();
    for (Item probe : probes) {
      Await.until("scores of a request sent after " + after, PATIENCE, () -> isScored(probe));
    }
  }

  private boolean isScored(Item item) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM availability_score WHERE store_id = %d AND product_id = %d"
                    .formatted(item.storeId(), item.productId()))) {
      return row.next() && row.getInt(1) == VERSIONS.size();
    }
  }

  private Outcome outcome() throws SQLException {
    try (Connection connection = connect()) {
      return Outcome.read(connection, load, VERSIONS, INTERVAL, longest);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), null);
  }

  private DatabaseConfig database() {
    return new DatabaseConfig(postgres.jdbcUrl(), postgres.user(), null, 4, Duration.ofMinutes(1));
  }

  private ServerProcess process(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Main.class.getName()));
    command.addAll(List.of(arguments));
    ServerProcess process =
        ServerProcess.start(
            home, LOGS.resolve(name + ".log"), "512m", command.toArray(String[]::new));
    parts.add(process);
    return process;
  }
}
