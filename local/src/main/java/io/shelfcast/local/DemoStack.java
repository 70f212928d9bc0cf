package io.shelfcast.local;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.fullsync.FullSyncOptions;
import io.shelfcast.fullsync.FullSyncPipeline;
import io.shelfcast.local.generate.ScoreSet;
import io.shelfcast.local.generate.ScoreSetWriter;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.model.Behaviour;
import io.shelfcast.local.model.ModelScores;
import io.shelfcast.local.model.ModelServer;
import io.shelfcast.run.FailureMessage;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.serving.Freshness;
import io.shelfcast.serving.ReaderSettings;
import io.shelfcast.serving.RefreshTopic;
import io.shelfcast.serving.ServerSettings;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.RunStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * All parts of Shelfcast at once, in this process, on generated data: database, broker, model
 * server, read API, and after a full sync of two model versions the refresh. Parts that do not need
 * each other start at the same time.
 */
final class DemoStack implements AutoCloseable {

  static final int STORES = 100;
  static final int ITEMS_PER_STORE = 500;

  /** Short, so that scores are seen to age. */
  static final Duration MAX_AGE = Duration.ofMinutes(1);

  /** Of the database and the broker, longer than either takes to start, so they can be stopped. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  private static final Duration MODEL_LATENCY = Duration.ofMillis(20);
  private static final long SEED = 1;

  private final DemoFolder folder;
  private final PrintWriter err;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private DemoStack(DemoFolder folder, PrintWriter err) {
    this.folder = folder;
    this.err = err;
  }

  /** What the demo needs of it. */
  record Started(LocalServer server, DatabaseConfig database, String brokers, String modelUrl) {}

  static DemoStack in(DemoFolder folder, PrintWriter err) {
    return new DemoStack(folder, err);
  }

  /**
   * Starts all but the refresh, and brings the scores into the database.
   *
   * @param port the server's
   */
  Started start(int port) throws IOException {
    Instant now = Instant.now();
    Future<LocalKafka> kafka = starting(this::kafka);
    Future<Integer> scores = threads.submit(() -> generate(now));
    ServingDatabase database =
        get(starting(() -> DemoDatabase.open(folder.home(), STORES, ITEMS_PER_STORE)));
    ModelServer model = get(starting(DemoStack::model));
    Future<LocalServer> server =
        starting(() -> LocalServer.start(settings(port), reads(database.config(), get(kafka))));
    get(scores);
    fullSync(database.config());
    return new Started(get(server), database.config(), get(kafka).bootstrapServers(), model.url());
  }

  /** Starts the refresh: its engine takes a few seconds, in which reads go on already. */
  Future<LocalRefresh> startRefresh(Started started) {
    return starting(
        () ->
            LocalRefresh.start(
                folder.home(),
                List.of(
                    "--jdbcUrl=" + started.database().jdbcUrl(),
                    "--jdbcUser=" + started.database().user(),
                    "--bootstrapServers=" + started.brokers(),
                    "--scoringUrl=" + started.modelUrl(),
                    "--minRefreshInterval=" + MAX_AGE.dividedBy(2)),
                "demo",
                RunListener.SILENT));
  }

  private LocalKafka kafka() throws IOException {
    LocalKafka kafka = LocalKafka.open(folder.home());
    try {
      kafka.createTopic(RefreshRequest.TOPIC, LocalKafka.PARTITIONS);
      return kafka;
    } catch (IOException | RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private static ModelServer model() throws IOException {
    return ModelServer.start(
        0, ModelScores.generated(SEED, Set.of()), Behaviour.PERFECT.withLatency(MODEL_LATENCY));
  }

  /**
   * Scores of both versions. A store's are a second newer than those of the one before it; so at
   * first some are fresh, and the longer ago the more are not.
   */
  private int generate(Instant now) throws IOException, InterruptedException {
    Instant scoredAt = now.minus(MAX_AGE).minusSeconds(STORES - STORES / 10);
    int files = 0;
    for (String version : List.of(DemoDatabase.LIVE, DemoDatabase.CANDIDATE)) {
      files +=
          new ScoreSetWriter(LocalEngine.parallelism())
              .write(
                  new ScoreSet(STORES, ITEMS_PER_STORE, version, scoredAt, SEED),
                  folder.scores().resolve(version),
                  done -> {});
    }
    return files;
  }

  private static ServerSettings settings(int port) {
    return new ServerSettings(
        "127.0.0.1",
        port,
        ServerSettings.CONNECTIONS,
        ServerSettings.MAX_WAITING,
        ServerSettings.REQUEST_TIMEOUT);
  }

  private static ReaderSettings reads(DatabaseConfig database, LocalKafka kafka) {
    return new ReaderSettings(
        database,
        new DatabaseConfig(
            database.jdbcUrl(),
            database.user(),
            null,
            ServerSettings.CONNECTIONS,
            ServerSettings.REQUEST_TIMEOUT),
        new Freshness(
            new LinkedHashSet<>(Freshness.SURFACES), MAX_AGE, Map.of(), Freshness.OBJECTIVE),
        ReaderSettings.CONFIG_REFRESH,
        ReaderSettings.TOKEN_TTL,
        new RefreshTopic(
            kafka.bootstrapServers(), RefreshRequest.TOPIC, Map.of(), MAX_AGE.dividedBy(2)),
        null,
        ReaderSettings.SHADOW_SHARE);
  }

  private void fullSync(DatabaseConfig database) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--jdbcUrl=" + database.jdbcUrl(),
                "--jdbcUser=" + database.user(),
                "--input=" + folder.scores() + "/*/*.parquet"));
    RunResult result;
    try (LocalEngine engine = LocalEngine.open(folder.home())) {
      engine.addTo(arguments);
      FullSyncOptions options =
          PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
              .withValidation()
              .as(FullSyncOptions.class);
      try (Progress progress = new Progress("full sync", database, err)) {
        result = FullSyncPipeline.run(options, progress);
        progress.finished(result);
      }
    }
    if (result.summary().status() != RunStatus.SUCCEEDED) {
      Throwable failure = result.failure();
      throw new CommandException(
          "the full sync is %s%s"
              .formatted(
                  result.summary().status().word(),
                  failure == null ? "" : ": " + FailureMessage.of(failure)));
    }
  }

  /** Starts a part in a thread of its own; what was started is closed with the stack. */
  private <T extends AutoCloseable> Future<T> starting(Callable<T> part) {
    return threads.submit(
        () -> {
          T started = part.call();
          synchronized (parts) {
            parts.push(started);
          }
          return started;
        });
  }

  private static <T> T get(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the demo was starting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IOException(FailureMessage.of(e), e);
    }
  }

  /**
   * Stops all that was started, the latest first, also what is still starting. The refresh is not
   * drained: what it has read and not written is of no use to the next demo.
   */
  @Override
  public void close() throws IOException {
    threads.shutdown();
    try {
      threads.awaitTermination(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (true) {
      AutoCloseable part;
      synchronized (parts) {
        part = parts.poll();
      }
      if (part == null) {
        return;
      }
      EmbeddedPart.of(part).close();
    }
  }
}
