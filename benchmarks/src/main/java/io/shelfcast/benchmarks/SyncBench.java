package io.shelfcast.benchmarks;

import io.shelfcast.fullsync.FullSyncOptions;
import io.shelfcast.fullsync.FullSyncPipeline;
import io.shelfcast.fullsync.StockJdbcSync;
import io.shelfcast.local.LocalEngine;
import io.shelfcast.local.generate.GenerateCommand;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.run.RunListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import picocli.CommandLine;

/** The input of one size, and what is done with it. */
final class SyncBench {

  private static final int ITEMS_PER_STORE = 1000;

  /** Nothing has to wait then, and Flink's streaming mode hands rows on as they are read. */
  static final List<String> WITHOUT_GATE = List.of("--gate=off", "--streaming=true");

  private final Path home;
  private final String jdbcUrl;
  private final String user;
  private final LocalEngine engine;
  private final PrintWriter err;
  private final BenchDatabase database;
  private Path input = Path.of("");
  private Path copy = Path.of("");
  private String fingerprint = "";
  private long rows;

  SyncBench(Path home, LocalPostgres postgres, LocalEngine engine, PrintWriter err)
      throws Exception {
    this.home = home;
    this.jdbcUrl = postgres.jdbcUrl();
    this.user = postgres.user();
    this.engine = engine;
    this.err = err;
    this.database = new BenchDatabase(jdbcUrl + "?user=" + user);
  }

  BenchDatabase database() {
    return database;
  }

  /** Makes the input: files, and the same rows for COPY. */
  void input(long newRows) throws Exception {
    rows = newRows;
    input = home.resolve("input-" + rows);
    copy = home.resolve("input-" + rows + ".copy");
    int exit =
        new CommandLine(new GenerateCommand())
            .setOut(new PrintWriter(Writer.nullWriter()))
            .setErr(new PrintWriter(Writer.nullWriter()))
            .execute(
                "--stores=" + rows / ITEMS_PER_STORE,
                "--itemsPerStore=" + ITEMS_PER_STORE,
                "--modelVersion=m",
                "--scoredAt=2024-06-08T06:00:00Z",
                "--seed=1",
                "--output=" + input);
    if (exit != 0) {
      throw new IOException("cannot generate " + rows + " rows");
    }
    fullSync("snapshot", WITHOUT_GATE);
    database.keepInput(copy);
    fingerprint = database.fingerprint("bench_input");
  }

  Result measure(State state, Method method) throws Exception {
    database.prepare(state);
    System.gc();
    long wal = database.walPosition();
    long heap;
    double seconds;
    try (HeapWatch watch = new HeapWatch()) {
      long start = System.nanoTime();
      write(method);
      seconds = (System.nanoTime() - start) / 1e9;
      heap = watch.greatestBytes();
    }
    String table = method.isFresh() ? "bench_fresh" : "availability_score_1";
    Result result =
        new Result(
            rows,
            state,
            method,
            seconds,
            database.walPosition() - wal,
            database.tableBytes(table),
            heap);
    String written = database.fingerprint(table);
    if (!written.equals(fingerprint)) {
      throw new IllegalStateException(
          "%s left %s instead of %s".formatted(method.title(), written, fingerprint));
    }
    err.printf(
        "%,11d rows  %-13s %-40s %7.2f s  %,10.0f rows/s  %,8.1f MB of WAL%n",
        rows,
        state.title(),
        method.title(),
        seconds,
        result.rowsPerSecond(),
        result.walBytes() / 1e6);
    err.flush();
    return result;
  }

  private void write(Method method) throws Exception {
    switch (method) {
      case STOCK -> stock("");
      case STOCK_REWRITE -> stock("&reWriteBatchedInserts=true");
      // As they write, without the gate before them, which is measured by itself.
      case MERGE -> fullSync("merge", WITHOUT_GATE);
      case SNAPSHOT -> fullSync("snapshot", WITHOUT_GATE);
      case HAND_MERGE -> database.mergeByHand(copy);
      case HAND_COPY -> database.copyAndKeyByHand(copy);
      case FLOOR -> database.copyUnlogged(copy);
    }
  }

  private void stock(String more) {
    List<String> arguments = new ArrayList<>();
    engine.addTo(arguments);
    StockJdbcSync.run(
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).create(),
        input + "/*.parquet",
        jdbcUrl + "?user=" + user + more,
        BenchDatabase.MODEL);
  }

  void fullSync(String mode, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                "--input=" + input + "/*.parquet",
                "--jdbcUrl=" + jdbcUrl,
                "--jdbcUser=" + user,
                "--writeMode=" + mode));
    arguments.addAll(more);
    engine.addTo(arguments);
    FullSyncPipeline.run(
            PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
                .as(FullSyncOptions.class),
            RunListener.SILENT)
        .orThrow();
  }
}
