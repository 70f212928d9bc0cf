package io.shelfcast.benchmarks;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.LocalRefresh;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.model.Behaviour;
import io.shelfcast.local.model.ModelScores;
import io.shelfcast.local.model.ModelServer;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.refresh.RefreshLag;
import io.shelfcast.run.RunListener;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.ScoreTimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How far a refresh on this machine is behind: from idle, at a steady rate, and after a burst. All
 * in one process but PostgreSQL: the pipeline on Flink, the Kafka broker, the model server, and
 * what sends the requests; no item is asked for twice, so each is scored and inserted. The lag is
 * what the pipeline itself counts, from requested_at to commit.
 */
@Command(
    name = "refresh",
    description = "How far a refresh is behind: from idle, at a steady rate, after a burst.")
final class RefreshBenchmark implements Callable<Integer> {

  private static final String HEADING = "# Refreshing scores";
  private static final int ITEMS_PER_REQUEST = 10;
  private static final int IDLE_REQUESTS = 10;
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String MODEL = "realtime-v2";

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second, of 10 items each. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1000")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long the steady rate is kept. Default: ${DEFAULT-VALUE}.",
      defaultValue = "60")
  private int seconds;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "Items that are asked for at once. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1000000")
  private int burst;

  @Option(
      names = "--modelLatency",
      paramLabel = "T",
      description = "Of the model server, as ISO 8601. Default: ${DEFAULT-VALUE}.",
      defaultValue = "PT0.02S")
  private Duration modelLatency = Duration.ZERO;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where RESULTS.md is. Default: ${DEFAULT-VALUE}.",
      defaultValue = "benchmarks")
  private Path output = Path.of("benchmarks");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path home = Files.createTempDirectory("shelfcast-bench");
    try (LocalPostgres postgres = LocalPostgres.open(home);
        LocalKafka kafka = LocalKafka.open(home);
        ModelServer model =
            ModelServer.start(
                0,
                ModelScores.generated(1, Set.of()),
                Behaviour.PERFECT.withLatency(modelLatency))) {
      kafka.createTopic(RefreshRequest.TOPIC, LocalKafka.PARTITIONS);
      DatabaseConfig config =
          new DatabaseConfig(postgres.jdbcUrl(), postgres.user(), null, 4, Duration.ofMinutes(5));
      Migrations.migrate(config);
      Database database = Database.shared(config);
      new ModelRegistry(database).register(MODEL, ModelStatus.CANDIDATE);
      List<String> arguments =
          List.of(
              "--jdbcUrl=" + config.jdbcUrl(),
              "--jdbcUser=" + config.user(),
              "--bootstrapServers=" + kafka.bootstrapServers(),
              "--scoringUrl=" + model.url());
      try (LocalRefresh refresh = LocalRefresh.start(home, arguments, "bench", RunListener.SILENT);
          RefreshLoad load = new RefreshLoad(kafka.bootstrapServers(), ITEMS_PER_REQUEST)) {
        String section = measure(refresh, load, new ScoreTimes(database));
        write(section);
        refresh.drain(PATIENCE);
        spec.commandLine().getOut().println(section);
      }
    } finally {
      Database.closeAll();
      WriteBenchmark.delete(home);
    }
    return 0;
  }

  private String measure(LocalRefresh refresh, RefreshLoad load, ScoreTimes times)
      throws IOException {
    while (!refresh.isRunning()) {
      LockSupport.parkNanos(10_000_000);
    }
    double first = untilFresh(load, times);
    say("the first request of an idle pipeline: %.3f s", first);
    List<Double> idle = new ArrayList<>();
    for (int i = 0; i < IDLE_REQUESTS; i++) {
      idle.add(untilFresh(load, times));
    }
    idle.sort(Comparator.naturalOrder());
    say("later ones: up to %.3f s", idle.get(IDLE_REQUESTS - 1));

    // Until the compiler is done, and what it let pile up as well.
    Phase warmUp = new Phase(refresh);
    load.send(rate * WARM_UP.toSeconds(), rate);
    warmUp.await(rate * WARM_UP.toSeconds() * ITEMS_PER_REQUEST);
    say("warm-up: %s", warmUp);
    Phase steady = new Phase(refresh);
    load.send((long) rate * seconds, rate);
    steady.await((long) rate * seconds * ITEMS_PER_REQUEST);
    say("steady: %s", steady);

    Phase drain = new Phase(refresh);
    load.send(burst / ITEMS_PER_REQUEST, 0);
    say("burst: sent in %.1f s", drain.seconds());
    drain.await(burst);
    say("burst: %s", drain);
    return """
        %s

        %s, %s. Java %s, PostgreSQL embedded, fsync on, one model version that answers after %s.

            %s

        | | scores | seconds | scores/s | scores a call | lag p50 ms | p99 ms | CPU of the process |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        | %,d requests/s of %d items, warm | %s |
        | a burst, drained | %s |

        From idle, from sending a request until its row is in the table: %.2f s for the first one
        after the start, then %.2f s (median of %d, at the most %.2f s). Percentiles are read off
        ranges that are a fourth wide each, and are the upper end. The process is the pipeline, the
        broker, the model server and the sender; the CPU is in cores.
        """
        .formatted(
            HEADING,
            LocalDate.now(ZoneOffset.UTC),
            Machine.describe(),
            System.getProperty("java.version"),
            modelLatency,
            commandLine(),
            rate,
            ITEMS_PER_REQUEST,
            steady.row(),
            drain.row(),
            first,
            idle.get(IDLE_REQUESTS / 2),
            IDLE_REQUESTS,
            idle.get(IDLE_REQUESTS - 1));
  }

  private static double untilFresh(RefreshLoad load, ScoreTimes times) {
    long start = System.nanoTime();
    long[] item = load.send();
    load.flush();
    while (times.of((short) 1, new long[] {item[0]}, new long[] {item[1]})[0] == ScoreTimes.NEVER) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("the request is not answered");
      }
      LockSupport.parkNanos(1_000_000);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** What is counted from now on. */
  private static final class Phase {
    private final LocalRefresh refresh;
    private final Map<String, Long> before;
    private final long start = System.nanoTime();
    private final long cpuBefore = cpuNanos();
    private Map<String, Long> after = Map.of();
    private double seconds;
    private double cores;

    Phase(LocalRefresh refresh) {
      this.refresh = refresh;
      this.before = refresh.counters();
    }

    /** Until so many scores are written. */
    void await(long scores) {
      while (true) {
        after = refresh.counters();
        seconds = seconds();
        if (written() >= scores) {
          cores = (cpuNanos() - cpuBefore) / 1e9 / seconds;
          return;
        }
        if (seconds > PATIENCE.toSeconds()) {
          throw new IllegalStateException(
              "only %,d of %,d scores were written in time".formatted(written(), scores));
        }
        LockSupport.parkNanos(10_000_000);
      }
    }

    double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    private long written() {
      return count("scores_inserted") + count("scores_updated") + count("scores_kept");
    }

    private long count(String name) {
      return after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
    }

    String row() {
      return String.format(
          Locale.ROOT,
          "%,d | %.1f | %,.0f | %.0f | %,d | %,d | %.2f",
          written(),
          seconds,
          written() / seconds,
          (double) count("items_scored") / Math.max(1, count("scoring_calls")),
          RefreshLag.percentile(this::count, 0.5),
          RefreshLag.percentile(this::count, 0.99),
          cores);
    }

    @Override
    public String toString() {
      return row();
    }

    private static long cpuNanos() {
      return ((com.sun.management.OperatingSystemMXBean)
              ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }

  private void write(String section) throws IOException {
    Files.createDirectories(output);
    Path file = output.resolve("RESULTS.md");
    String page = Files.exists(file) ? Files.readString(file) : "";
    Files.writeString(file, Report.withSection(page, section));
  }

  private String commandLine() {
    return "./shelfcast bench refresh --rate=%d --seconds=%d --burst=%d --modelLatency=%s"
        .formatted(rate, seconds, burst, modelLatency);
  }

  private void say(String format, Object... arguments) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(Locale.ROOT, format + "%n", arguments);
    err.flush();
  }
}
