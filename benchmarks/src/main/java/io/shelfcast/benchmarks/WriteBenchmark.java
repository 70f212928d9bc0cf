package io.shelfcast.benchmarks;

import io.shelfcast.local.LocalEngine;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The ways to write a complete set of scores, side by side, in one run: from the same Parquet files
 * (by hand: from the same rows in a file that COPY takes as it is) into the same embedded
 * PostgreSQL, which keeps its data (fsync on). All of them take turns within a round, so that what
 * else the machine does hits all alike. After each, a hash over all rows is held against that of
 * the input.
 *
 * <p>A pipeline's time is that of the whole run in a JVM that is warm: the engine's start, the
 * checks and the ledger are in it, the JVM's start is not.
 */
@Command(
    name = "write",
    description = "The ways to write scores, side by side; about 25 minutes with all sizes.")
final class WriteBenchmark implements Callable<Integer> {

  private static final int WARM_UP_ROWS = 200_000;

  private static final long SMALL = 1_000_000;

  /** What takes minutes is measured in one round at this size and above. */
  private static final long LARGE = 5_000_000;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N",
      description = "Sizes of the input. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1000000,3000000,10000000")
  private List<Long> sizes = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How many times; sizes of 5 million and more once. Default: ${DEFAULT-VALUE}.",
      defaultValue = "2")
  private int rounds;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where RESULTS.md and write.svg go. Default: ${DEFAULT-VALUE}.",
      defaultValue = "benchmarks")
  private Path output = Path.of("benchmarks");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path home = Files.createTempDirectory("shelfcast-bench");
    List<Result> results = new ArrayList<>();
    try (LocalPostgres postgres = LocalPostgres.open(home);
        LocalEngine engine = LocalEngine.open(home)) {
      SyncBench bench = new SyncBench(home, postgres, engine, spec.commandLine().getErr());
      bench.input(WARM_UP_ROWS);
      for (Method method : Method.values()) {
        bench.measure(State.EMPTY, method);
      }
      for (long rows : sizes) {
        bench.input(rows);
        for (int round = 1; round <= (rows < LARGE ? rounds : 1); round++) {
          for (State state : State.values()) {
            for (Method method : Method.values()) {
              if (isMeasured(rows, round, state, method)) {
                results.add(bench.measure(state, method));
              }
            }
          }
        }
        // Also in between: what was measured is not lost to whoever has enough of it.
        Files.createDirectories(output);
        Path page = output.resolve("RESULTS.md");
        String notes = Files.exists(page) ? Report.notes(Files.readString(page)) : "";
        Files.writeString(page, report(results, bench).page() + notes);
        Files.writeString(output.resolve("write.svg"), Plot.svg(results));
      }
      spec.commandLine().getOut().println(report(results, bench).tables());
    } finally {
      Database.closeAll();
      delete(home);
    }
    return 0;
  }

  /**
   * Not all in each state of each size, so that it ends within half an hour: less of the stock
   * sink, which takes minutes, and of what is large. The report shows what there is.
   */
  private static boolean isMeasured(long rows, int round, State state, Method method) {
    if (method.isFresh()) {
      return state == State.EMPTY;
    }
    if (rows >= LARGE) {
      return state != State.HALF && (method == Method.MERGE || method == Method.SNAPSHOT);
    }
    if (method.isStock()) {
      return state == State.ALL
          ? round == 1 || (method == Method.STOCK && rows > SMALL)
          : round == 1 && rows <= SMALL;
    }
    return true;
  }

  private Report report(List<Result> results, SyncBench bench) throws Exception {
    return new Report(results, bench.database().version(), commandLine());
  }

  private String commandLine() {
    return "./shelfcast bench write --rows=%s --rounds=%d"
        .formatted(String.join(",", sizes.stream().map(String::valueOf).toList()), rounds);
  }

  static void delete(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      for (Path path : found.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
