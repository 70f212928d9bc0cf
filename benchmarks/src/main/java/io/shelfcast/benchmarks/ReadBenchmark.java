package io.shelfcast.benchmarks;

import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.Database;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the read API does on this machine: how many reads it answers and how soon, beside the bare
 * query in the same run, and while a snapshot is swapped in. The server, the sync and PostgreSQL
 * are processes of their own; what asks shares only the processors with them.
 */
@Command(
    name = "read",
    description = "Bulk reads: how many, how soon, beside the bare query, and during a swap.")
final class ReadBenchmark implements Callable<Integer> {

  private static final int[] SIZES = {1, 10, 50, 100, 500, 1000};

  /** Of a page of search results, or of a shelf. */
  private static final int COMPARED_ITEMS = 500;

  private static final int ROUNDS = 3;
  private static final double[] COMPARED_SHARES = {0.2, 0.5};
  private static final double[] SWAP_SHARES = {0.1, 0.5};
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  private static final int MOST_WARM_UP_ROUNDS = 15;
  private static final int NOT_BETTER_ROUNDS = 4;
  private static final double OPENING_PER_SECOND = 500;

  /** How many times the connections of the server: enough for reads to wait there and not here. */
  private static final int CLIENTS_PER_CONNECTION = 8;

  private static final double MOST_SWAP_SECONDS = 300;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Scores in the table. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10000000")
  private long rows;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each point is measured. Default: ${DEFAULT-VALUE}.",
      defaultValue = "6")
  private int seconds;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description =
          "To the database, of the server and of the bare query. Default: ${DEFAULT-VALUE}.",
      defaultValue = "8")
  private int connections;

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
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      ReadData data = ReadData.create(home, postgres, rows);
      say("%,d scores are loaded", rows);
      try (JavaProcess server = data.startServer(connections);
          ReadLoad reads = overHttp(server);
          ReadLoad bare = overJdbc(data)) {
        warmUp(data, reads, bare);
        ReadReport report = new ReadReport(command());
        for (int items : SIZES) {
          report.add(point(data.questions(items), server, reads));
        }
        compare(data, reads, bare, report);
        swaps(data, reads, report);
        write(report.section());
      }
    } finally {
      Database.closeAll();
      WriteBenchmark.delete(home);
    }
    return 0;
  }

  private ReadLoad overHttp(JavaProcess server) throws Exception {
    URI url = URI.create(server.await(START_PATIENCE).replace("listening on ", ""));
    return new ReadLoad(
        Stream.generate(() -> (Calls) new HttpCalls(url))
            .limit((long) CLIENTS_PER_CONNECTION * connections)
            .toList());
  }

  private ReadLoad overJdbc(ReadData data) throws Exception {
    List<Calls> calls = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      calls.add(new JdbcCalls(data.jdbcUrl()));
    }
    return new ReadLoad(calls);
  }

  /**
   * Until the compilers of both JVMs are done, which saturated cores leave little time: that shows
   * as a best that is not beaten any more. What failed before the server was ready is of no
   * account.
   */
  private void warmUp(ReadData data, ReadLoad reads, ReadLoad bare) throws Exception {
    Question.Mix one = data.questions(1);
    Question.Mix many = data.questions(COMPARED_ITEMS);
    double best = 0;
    int notBetter = 0;
    for (int i = 0; i < MOST_WARM_UP_ROUNDS && notBetter < NOT_BETTER_ROUNDS; i++) {
      double both =
          saturate(one, reads, seconds / 3.0).perSecond()
              + saturate(many, reads, seconds / 3.0).perSecond();
      notBetter = both > best ? 0 : notBetter + 1;
      best = Math.max(best, both);
      say("warming up: %,.0f requests a second", both / 2);
    }
    // Over all connections: so far most of them have not even been opened.
    reads.open(one, OPENING_PER_SECOND, seconds / 2.0);
    Latencies last = saturate(many, reads, 1);
    if (last.failures() > 0) {
      throw new IllegalStateException(last.failures() + " reads failed during the warm-up");
    }
    saturate(many, bare, seconds);
  }

  /** Twice as many at a time as there are connections: there is always one more to begin with. */
  private Latencies saturate(Question.Mix mix, ReadLoad load, double forSeconds) throws Exception {
    return load.closed(mix, forSeconds, 2 * connections);
  }

  private ReadReport.Point point(Question.Mix mix, JavaProcess server, ReadLoad reads)
      throws Exception {
    double cpuBefore = server.cpu().toNanos() / 1e9;
    double ownBefore = ownCpuSeconds();
    Latencies saturated = saturate(mix, reads, seconds);
    double serverCores = (server.cpu().toNanos() / 1e9 - cpuBefore) / saturated.seconds();
    double ownCores = (ownCpuSeconds() - ownBefore) / saturated.seconds();
    double most = saturated.perSecond();
    ReadReport.Point point =
        new ReadReport.Point(
            mix.items(),
            most,
            serverCores,
            ownCores,
            reads.open(mix, most * 0.5, seconds),
            reads.open(mix, most * 0.8, seconds),
            saturated.failures());
    say("%s", point.row());
    return point;
  }

  private static double ownCpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /** In turns, so that what else the machine does hits both. */
  private void compare(ReadData data, ReadLoad reads, ReadLoad bare, ReadReport report)
      throws Exception {
    Question.Mix mix = data.questions(COMPARED_ITEMS);
    double most = report.saturation(COMPARED_ITEMS);
    report.bareSaturation(saturate(mix, bare, seconds).perSecond());
    for (double share : COMPARED_SHARES) {
      List<Latencies> ofServer = new ArrayList<>();
      List<Latencies> ofBare = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        ofServer.add(reads.open(mix, most * share, seconds));
        ofBare.add(bare.open(mix, most * share, seconds));
      }
      ReadReport.Comparison compared =
          new ReadReport.Comparison(share, most * share, ofServer, ofBare);
      say("%s", compared.row());
      report.add(compared);
    }
  }

  private void swaps(ReadData data, ReadLoad reads, ReadReport report) throws Exception {
    Question.Mix mix = data.questions(ReadReport.SWAP_ITEMS);
    for (double share : SWAP_SHARES) {
      double rate = report.saturation(ReadReport.SWAP_ITEMS) * share;
      Latencies quiet = reads.open(mix, rate, 2 * seconds);
      long start = System.nanoTime();
      try (SwapWatch watch = new SwapWatch(data.jdbcUrl());
          JavaProcess sync = data.startSnapshot()) {
        Latencies during = reads.open(mix, rate, MOST_SWAP_SECONDS, sync::isRunning);
        double took = (System.nanoTime() - start) / 1e9;
        sync.awaitSuccess(START_PATIENCE);
        ReadReport.Swap swap =
            new ReadReport.Swap(share, rate, quiet, during, watch.swappedNanos(), took);
        say("%s", swap.rows());
        report.add(swap);
      }
    }
  }

  private String command() {
    return "./shelfcast bench read --rows=%d --seconds=%d --connections=%d"
        .formatted(rows, seconds, connections);
  }

  private void write(String section) throws Exception {
    Files.createDirectories(output);
    Path file = output.resolve("RESULTS.md");
    String page = Files.exists(file) ? Files.readString(file) : "";
    Files.writeString(file, Report.withSection(page, section));
    spec.commandLine().getOut().println(section);
  }

  private void say(String format, Object... arguments) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(Locale.ROOT, format + "%n", arguments);
    err.flush();
  }
}
