package io.shelfcast.fullsync;

import static io.shelfcast.fullsync.FullSync.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.RunSummary;
import io.shelfcast.store.SharedData;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteModesTest {

  private static final String HEADER = "store_id,product_id,model_version,score,scored_at\n";
  private static final String ROWS =
      "SELECT store_id, product_id, model_version, score FROM current_score ORDER BY 1, 2, 3";
  private static final String LAST_MODE =
      "SELECT write_mode FROM sync_run ORDER BY started_at DESC LIMIT 1";

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  @Test
  void aSnapshotOfTheRealDataReplacesTheLastOneAndCountsWhatItRemoved() {
    Path scores = SharedData.scores().resolve("realtime-v2");
    String early = "--input=" + scores.resolve("20240608T0600Z.parquet");
    String late = "--input=" + scores.resolve("20240608T1200Z.parquet");
    assertEquals(new RowCounts(50_000, 0, 0, 0), sync(test, early, "--writeMode=snapshot"));
    assertEquals(new RowCounts(50_000, 0, 0, 0), sync(test, late, "--writeMode=snapshot"));
    // The old one again: all that is there is newer, and carried over.
    RunSummary again = FullSync.run(test, early, "--writeMode=snapshot").summary();
    assertEquals(new RowCounts(0, 0, 50_000, 0), again.counts());
    assertEquals(new RunSummary.Swap(50_000, 0), again.swap());

    TestDatabase merged = TestDatabase.create();
    sync(merged, late);
    String all =
        "SELECT md5(string_agg(s::text, ',' ORDER BY store_id, product_id))"
            + " FROM current_score s";
    assertEquals(merged.query(all), test.query(all));
  }

  @Test
  void allSnapshotsOfAModelAtOnceEndAsTheNewest() {
    Path scores = SharedData.scores().resolve("realtime-v2");
    RowCounts counts = sync(test, "--input=" + scores + "/*.parquet", "--writeMode=snapshot");
    assertEquals(new RowCounts(50_000, 0, 1_000_000, 0), counts);
    TestDatabase newest = TestDatabase.create();
    sync(newest, "--input=" + scores.resolve("20240614T1800Z.parquet"));
    String all =
        "SELECT md5(string_agg(s::text, ',' ORDER BY store_id, product_id))"
            + " FROM current_score s";
    assertEquals(newest.query(all), test.query(all));
  }

  @Test
  void badRowsOfASnapshotAreDeadLettersAndOtherModelVersionsStay() throws IOException {
    sync(test, "--input=" + csv("other.csv", HEADER + row(1, 1, "other", 0.5, 6)));
    sync(
        test,
        "--input=" + csv("old.csv", HEADER + row(1, 1, "m", 0.5, 6) + row(1, 3, "m", 0.5, 6)));
    RunResult run =
        FullSync.run(
            test,
            "--input="
                + csv("new.csv", HEADER + row(1, 1, "m", 0.25, 7) + row(1, 2, "m", 1.5, 7) + "x\n"),
            "--writeMode=snapshot");
    assertEquals(new RowCounts(1, 0, 0, 2), run.summary().counts());
    assertEquals(new RunSummary.Swap(0, 1), run.summary().swap());
    assertEquals(List.of("1|1|m|0.25", "1|1|other|0.5"), test.query(ROWS));
    assertEquals(List.of("2"), test.query("SELECT count(*) FROM dead_letter"));
  }

  @Test
  void aSnapshotThatFailsLeavesTheOldSetAndNoTable() throws IOException {
    sync(test, "--input=" + csv("old.csv", HEADER + row(1, 1, "m", 0.5, 6)));
    String input =
        "--input=" + csv("new.csv", HEADER + row(1, 1, "m", 0.25, 7) + row(1, 1, "n", 0.25, 7));
    RunResult run = FullSync.run(test, input, "--writeMode=snapshot");
    assertEquals(RunStatus.FAILED, run.summary().status());
    String error = run.summary().error();
    assertNotNull(error);
    assertTrue(error.contains("rows of m, n; nothing was changed"), error);
    assertEquals(List.of("1|1|m|0.5"), test.query(ROWS));
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run_snapshot"));
    assertEquals(
        List.of("3"), test.query("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'avail%'"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', merge",
    "--inputIsComplete, merge",
    "--modelVersion=m, merge",
    "--inputIsComplete --modelVersion=m, snapshot",
    "--inputIsComplete --modelVersion=m --minScoreChange=0.01, merge",
  })
  void autoTakesASnapshotOnlyOfOneModelVersionWhoseInputIsSaidToBeComplete(
      String options, String mode) throws IOException {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int product = 0; product < 100; product++) {
      rows.append(row(1, product, "m", 0.5, 6));
    }
    Path file = csv("all.csv", rows.toString());
    sync(test, "--input=" + file);
    sync(test, ("--input=" + file + " --writeMode=auto " + options).strip().split(" ", -1));
    assertEquals(List.of(mode), test.query(LAST_MODE));
  }

  @Test
  void autoMergesACompleteInputThatWouldRemoveMostOfWhatIsThere() {
    assertEquals(WriteMode.snapshot, WriteModeChoice.forComplete(10, 0).mode());
    assertEquals(WriteMode.snapshot, WriteModeChoice.forComplete(50, 100).mode());
    WriteModeChoice small = WriteModeChoice.forComplete(49, 100);
    assertEquals(WriteMode.merge, small.mode());
    assertEquals(
        "the input has about 49 rows, and the model version about 100 scores, more than half of"
            + " which a snapshot would remove",
        small.why());
  }

  @Test
  void scoresThatHardlyDifferAreKeptUntilTheRowIsOldEnough() throws IOException {
    sync(
        test,
        "--input=" + csv("old.csv", HEADER + row(1, 1, "m", 0.5, 6) + row(1, 2, "m", 0.5, 6)));
    String options = "--minScoreChange=0.01";
    assertEquals(
        new RowCounts(0, 1, 1, 0),
        sync(
            test,
            "--input="
                + csv("new.csv", HEADER + row(1, 1, "m", 0.505, 7) + row(1, 2, "m", 0.52, 7)),
            options));
    assertEquals(List.of("1|1|m|0.5", "1|2|m|0.52"), test.query(ROWS));
    assertEquals(
        new RowCounts(0, 1, 0, 0),
        sync(test, "--input=" + csv("late.csv", HEADER + row(1, 1, "m", 0.505, 12)), options));
    assertEquals(List.of("1|1|m|0.505", "1|2|m|0.52"), test.query(ROWS));
  }

  @Test
  void theLedgerTellsWhatARunCost() throws IOException {
    Path file = csv("a.csv", HEADER + row(1, 1, "m", 0.5, 6) + row(1, 2, "m", 0.5, 6));
    sync(test, "--input=" + file);
    assertEquals(
        List.of("2|%d|2|t|t".formatted(Files.size(file))),
        test.query(
            "SELECT rows_read, bytes_read, rows_written, wal_bytes_per_million > 0,"
                + " database_seconds > 0 FROM sync_run_cost"));
  }

  @Test
  void moreConnectionsThanTheServerHasAreRefusedAtLaunch() throws IOException {
    Path file = csv("a.csv", HEADER + row(1, 1, "m", 0.5, 6));
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> FullSync.run(test, "--input=" + file, "--maxConnections=5000"));
    assertTrue(
        error.getMessage().startsWith("--maxConnections is 5000 and there may be 1 workers"),
        error.getMessage());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run"));
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException {
    String input = "--input=" + csv("a.csv", HEADER + row(1, 1, "m", 0.5, 6));
    for (String[] wrong :
        new String[][] {
          {"--writeMode=snapshot", "--minScoreChange=0.01"},
          {"--minScoreChange=2"},
          {"--touchAfter=-PT1H"},
          {"--shards=-1"}
        }) {
      String[] arguments = new String[wrong.length + 1];
      arguments[0] = input;
      System.arraycopy(wrong, 0, arguments, 1, wrong.length);
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> FullSync.run(test, arguments));
      String option = wrong[wrong.length - 1].replaceFirst("=.*", "");
      assertTrue(error.getMessage().startsWith(option), error.getMessage());
    }
  }

  @Test
  void shardsBoundHowManyPartsAreWorkedOnAndAllAreRead() throws IOException {
    for (int file = 0; file < 5; file++) {
      csv("part-" + file + ".csv", HEADER + row(1, file, "m", 0.5, 6));
    }
    assertEquals(5, sync(test, "--input=" + folder + "/part-*.csv", "--shards=2").inserted());
  }

  private static String row(long store, long product, String model, double score, int hour) {
    return "%d,%d,%s,%s,2024-06-08T%02d:00:00Z\n".formatted(store, product, model, score, hour);
  }

  private Path csv(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
  }
}
