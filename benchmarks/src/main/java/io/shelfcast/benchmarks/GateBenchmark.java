package io.shelfcast.benchmarks;

import io.shelfcast.local.LocalEngine;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the quality gate costs: the same full sync with and without it, taking turns, in a warm JVM,
 * on the engine and database that {@code ./shelfcast} uses.
 */
@Command(name = "gate", description = "A full sync with and without the quality gate.")
final class GateBenchmark implements Callable<Integer> {

  private static final String HEADING = "# What the quality gate costs";
  private static final int WARM_UP_ROWS = 200_000;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Size of the input. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3000000")
  private long rows;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How many times. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3")
  private int rounds;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where RESULTS.md is. Default: ${DEFAULT-VALUE}.",
      defaultValue = "benchmarks")
  private Path output = Path.of("benchmarks");

  @Spec private CommandSpec spec = CommandSpec.create();

  private enum Way {
    HANDED_ON,
    OFF,
    ON;

    List<String> options() {
      return switch (this) {
        case HANDED_ON -> SyncBench.WITHOUT_GATE;
        case OFF -> List.of("--gate=off");
        case ON -> List.of();
      };
    }
  }

  private enum Case {
    MERGE_ALL("merge, all changed", "merge", State.ALL),
    MERGE_NONE("merge, none changed", "merge", State.NONE),
    SNAPSHOT("snapshot, all changed", "snapshot", State.ALL);

    private final String title;
    private final String mode;
    private final State state;

    Case(String title, String mode, State state) {
      this.title = title;
      this.mode = mode;
      this.state = state;
    }
  }

  private record Measure(double seconds, double heapMegabytes) {}

  @Override
  public Integer call() throws Exception {
    Path home = Files.createTempDirectory("shelfcast-bench");
    try (LocalPostgres postgres = LocalPostgres.open(home);
        LocalEngine engine = LocalEngine.open(home)) {
      SyncBench bench = new SyncBench(home, postgres, engine, spec.commandLine().getErr());
      bench.input(WARM_UP_ROWS);
      for (Case measured : Case.values()) {
        for (Way way : Way.values()) {
          measure(bench, measured, way);
        }
      }
      bench.input(rows);
      String section = section(bench);
      Files.createDirectories(output);
      Path file = output.resolve("RESULTS.md");
      String page = Files.exists(file) ? Files.readString(file) : "";
      Files.writeString(file, Report.withSection(page, section));
      spec.commandLine().getOut().println(section);
    } finally {
      Database.closeAll();
      WriteBenchmark.delete(home);
    }
    return 0;
  }

  private String section(SyncBench bench) throws Exception {
    StringBuilder text =
        new StringBuilder(
            """
            %s

            %s. %,d rows, medians of %d rounds, all taking turns. Times are of whole runs from Parquet to table; heap is the
            greatest in use after a collection. Without the gate Flink may hand rows on as they are read (`--streaming=true`);
            with it they wait on disk for the verdict, which is its batch mode.

                ./shelfcast bench gate --rows=%d --rounds=%d

            | full sync | no gate, handed on | no gate, batch mode | with gate | × handed on | × batch mode | heap MB (no gate, batch; gate) |
            | --- | --- | --- | --- | --- | --- | --- |
            """
                .formatted(HEADING, Machine.describe(), rows, rounds, rows, rounds));
    for (Case measured : Case.values()) {
      Map<Way, List<Measure>> measures = new EnumMap<>(Way.class);
      for (int round = 0; round < rounds; round++) {
        for (Way way : Way.values()) {
          measures
              .computeIfAbsent(way, any -> new ArrayList<>())
              .add(measure(bench, measured, way));
        }
      }
      double handedOn = seconds(measures, Way.HANDED_ON);
      double off = seconds(measures, Way.OFF);
      double on = seconds(measures, Way.ON);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f s | %.2f s | %.2f s | %.2f | %.2f | %.0f; %.0f |%n",
              measured.title,
              handedOn,
              off,
              on,
              on / handedOn,
              on / off,
              heap(measures, Way.OFF),
              heap(measures, Way.ON)));
    }
    return text.toString();
  }

  private Measure measure(SyncBench bench, Case measured, Way way) throws Exception {
    bench.database().prepare(measured.state);
    System.gc();
    try (HeapWatch watch = new HeapWatch()) {
      long start = System.nanoTime();
      bench.fullSync(measured.mode, way.options());
      double seconds = (System.nanoTime() - start) / 1e9;
      spec.commandLine()
          .getErr()
          .printf(Locale.ROOT, "%-22s %-10s %6.2f s%n", measured.title, way, seconds);
      spec.commandLine().getErr().flush();
      return new Measure(seconds, watch.greatestBytes() / 1e6);
    }
  }

  private static double seconds(Map<Way, List<Measure>> measures, Way way) {
    return Report.median(
        of(measures, way).stream().mapToDouble(Measure::seconds).sorted().toArray());
  }

  private static double heap(Map<Way, List<Measure>> measures, Way way) {
    return of(measures, way).stream().mapToDouble(Measure::heapMegabytes).max().orElse(0);
  }

  private static List<Measure> of(Map<Way, List<Measure>> measures, Way way) {
    return measures.getOrDefault(way, List.of());
  }
}
