package io.shelfcast.fullsync;

import static io.shelfcast.fullsync.FullSync.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.DatabaseException;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.SharedData;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullSyncPipelineTest {

  private static final String HEADER = "store_id,product_id,model_version,score,scored_at\n";

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  @Test
  void aSnapshotIsInsertedKeptWhenItComesAgainAndUpdatedByTheNext() {
    Path scores = SharedData.scores().resolve("realtime-v2");
    String early = "--input=" + scores.resolve("20240608T0600Z.parquet");
    String late = "--input=" + scores.resolve("20240608T1200Z.parquet");
    assertEquals(new RowCounts(50_000, 0, 0, 0), sync(test, early));
    assertEquals(new RowCounts(0, 0, 50_000, 0), sync(test, early));
    assertEquals(new RowCounts(0, 50_000, 0, 0), sync(test, late));
    List<String> before = fingerprint();
    assertEquals(new RowCounts(0, 0, 50_000, 0), sync(test, early));
    assertEquals(before, fingerprint());
  }

  @Test
  void allSnapshotsInOneGlobEndAsTheNewestOfEachModel() {
    Path scores = SharedData.scores();
    RowCounts counts = sync(test, "--input=" + scores + "/*/*.parquet");
    assertEquals(2_100_000, counts.read());
    assertEquals(100_000, counts.inserted());
    assertEquals(0, counts.rejected());

    TestDatabase newest = TestDatabase.create();
    sync(
        newest,
        "--input=%s/general-v1/20240614T1800Z.parquet,%s/realtime-v2/20240614T1800Z.parquet"
            .formatted(scores, scores));
    assertEquals(fingerprint(newest), fingerprint(test));
  }

  @Test
  void filesThatSeveralGlobsMatchAreReadOnce() throws IOException {
    csv("a.csv", HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n");
    csv("b.csv", HEADER + "1,2,m,0.5,2024-06-08T06:00:00Z\n");
    assertEquals(2, sync(test, "--input=" + folder + "/*.csv," + folder + "/a.csv").read());
  }

  @Test
  void columnsMayHaveOtherNamesAndRowsNoModelVersion() throws IOException {
    Path file = csv("a.csv", "MADE,STORE,ITEM,P,note\n2024-06-08T06:00:00Z,7,11,0.25,x\n");
    sync(
        test,
        "--input=" + file,
        "--columns=store_id=STORE,product_id=ITEM,score=P,scored_at=MADE",
        "--modelVersion=general-v1");
    assertEquals(
        List.of("7|11|general-v1|0.25"),
        test.query("SELECT store_id, product_id, model_version, score FROM current_score"));
  }

  @Test
  void aFileOfManyRowGroupsIsReadWhole() throws IOException {
    Path file = folder.resolve("many.parquet");
    ParquetFiles.write(file, ParquetFiles.SCHEMA, 5_000, 8_192, ParquetFiles::good);
    assertTrue(files().parts(metadata(file)).size() > 2, "row groups");
    assertEquals(
        new RowCounts(5_000, 0, 0, 0),
        // All scores are the same, which the gate does not take.
        sync(test, "--input=" + file, "--batchSize=300", "--gate=off"));
  }

  @Test
  void otherTypesOfOtherWritersAreUnderstood() throws IOException {
    Path spark = folder.resolve("spark.parquet");
    ParquetFiles.write(
        spark,
        """
        message scores {
          required int32 store_id; required int32 product_id;
          required float score; required int96 scored_at;
        }""",
        1,
        (group, row) -> {
          group.add("store_id", 7);
          group.add("product_id", 11);
          group.add("score", 0.5f);
          // 2024-06-08T06:00:00.000001Z: nanoseconds of the day, then the Julian day.
          java.nio.ByteBuffer time =
              java.nio.ByteBuffer.allocate(12).order(java.nio.ByteOrder.LITTLE_ENDIAN);
          time.putLong(21_600_000_001_000L).putInt(2_460_470);
          group.add("scored_at", Binary.fromConstantByteArray(time.array()));
        });
    Path millis = folder.resolve("millis.parquet");
    ParquetFiles.write(
        millis,
        """
        message scores {
          required int64 store_id (DECIMAL(18,0)); required int64 product_id;
          required double score; required int64 scored_at (TIMESTAMP(MILLIS,false));
        }""",
        1,
        (group, row) -> {
          group.add("store_id", 8L);
          group.add("product_id", 11L);
          group.add("score", 0.5);
          group.add("scored_at", 1_717_826_400_001L);
        });
    sync(test, "--input=" + folder + "/*.parquet", "--modelVersion=m");
    assertEquals(
        List.of("7|2024-06-08 06:00:00.000001", "8|2024-06-08 06:00:00.001"),
        test.query("SELECT store_id, scored_at AT TIME ZONE 'UTC' FROM current_score ORDER BY 1"));
  }

  @Test
  void badRowsOfParquetAreRejectedWithTheirReasonAndTheOthersApplied() throws IOException {
    Path file = folder.resolve("bad.parquet");
    ParquetFiles.write(
        file,
        ParquetFiles.SCHEMA,
        10,
        (group, row) -> {
          if (row != 1) {
            group.add("store_id", row == 2 ? -1L : row);
          }
          if (row != 3) {
            group.add("product_id", 1L);
          }
          if (row != 4) {
            group.add("model_version", row == 5 ? "no such name!" : "m");
          }
          if (row != 6) {
            group.add("score", row == 7 ? Double.NaN : row == 8 ? 1.5 : 0.5);
          }
          if (row != 9) {
            group.add("scored_at", 1_717_826_400_000_000L);
          }
        });
    assertEquals(new RowCounts(1, 0, 0, 9), sync(test, "--input=" + file));
    assertEquals(
        List.of(
            "2|store_id_missing",
            "3|store_id_negative",
            "4|product_id_missing",
            "5|model_version_missing",
            "6|model_version_malformed",
            "7|score_missing",
            "8|score_nan",
            "9|score_out_of_range",
            "10|scored_at_missing"),
        test.query("SELECT position, reason FROM dead_letter ORDER BY position"));
  }

  @Test
  void aMissingColumnStopsTheRunBeforeAnythingIsWrittenAndNamesFileAndColumn() throws IOException {
    csv("a-good.csv", HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n");
    csv("b-bad.csv", "store_id,product_id,model_version,probability,scored_at\n1,1,m,1,x\n");
    assertFails("b-bad.csv has no column 'score'", "--input=" + folder + "/*.csv");

    Path parquet = folder.resolve("c.parquet");
    ParquetFiles.write(
        parquet,
        ParquetFiles.SCHEMA.replace("scored_at", "made_at"),
        1,
        (Group group, Integer row) -> group.add("store_id", 1L));
    assertFails("c.parquet has no column 'scored_at'", "--input=" + parquet);
    assertFails("--columns=scored_at=NAME", "--input=" + parquet);
  }

  @Test
  void aColumnOfTheWrongTypeIsNamed() throws IOException {
    Path file = folder.resolve("c.parquet");
    ParquetFiles.write(
        file,
        ParquetFiles.SCHEMA.replace("optional double score;", "optional binary score (STRING);"),
        1,
        (Group group, Integer row) -> group.add("store_id", 1L));
    assertFails("score is to be FLOAT or DOUBLE", "--input=" + file);
  }

  @Test
  void aFileThatCannotBeReadStopsTheRunBeforeAnythingIsWritten() throws IOException {
    csv("a-good.csv", HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n");
    csv("b.parquet", "this is no parquet file, whatever its name says");
    assertFails("b.parquet as Parquet", "--input=" + folder + "/*");
  }

  @Test
  void aTruncatedGzipFileFailsTheRunAndSaysWhichItIs() throws IOException {
    Path file = folder.resolve("a.csv.gz");
    byte[] whole = CsvFiles.gzip(HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n".repeat(1000));
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 20));
    RunResult result = FullSync.run(test, "--input=" + file);
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(
        result.summary().error().contains("cannot read " + file + " as gzipped CSV"),
        result.summary().error());
  }

  @Test
  void aGlobThatMatchesNothingAndADirectoryAreToldSo() {
    assertFails("No files matched spec: " + folder + "/*.none", "--input=" + folder + "/*.none");
    assertFails("is a directory; name the files in it", "--input=" + folder);
  }

  @Test
  void aFileWhoseNameLooksLikeAGlobIsReadAsTheFileThatItIs() throws IOException {
    csv("part[1].csv", HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n");
    csv("part1.csv", HEADER + "2,2,m,0.5,2024-06-08T06:00:00Z\n");
    assertEquals(2, sync(test, "--input=" + folder + "/*.csv").inserted());
  }

  @Test
  void wrongOptionsAreToldBeforeAnythingStarts() {
    for (String[] wrong :
        List.of(
            new String[] {"--columns=shop=STORE", "the columns are store_id"},
            new String[] {"--columns=store_id", "write pairs such as store_id=STORE"},
            new String[] {"--modelVersion=a b", "--modelVersion is 'a b'"},
            new String[] {"--batchSize=0", "--batchSize is 0"},
            new String[] {"--maxFutureSkew=-PT1S", "--maxFutureSkew is PT-1S"},
            new String[] {"--jdbcPassword=hunter2", "env:NAME"})) {
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> FullSync.run(test, "--input=" + folder + "/x.csv", wrong[0]));
      assertTrue(error.getMessage().contains(wrong[1]), error.getMessage());
    }
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM sync_run"));
  }

  @Test
  void aDatabaseOutOfSpaceFailsTheRunWithAClearLine() throws IOException {
    csv("a.csv", HEADER + "1,1,m,0.5,2024-06-08T06:00:00Z\n");
    sync(test, "--input=" + folder + "/a.csv");
    // What a full disk looks like to a writer.
    test.execute(
        """
        CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device'
          USING ERRCODE = '53100'; END $$""");
    test.execute(
        "CREATE TRIGGER t BEFORE INSERT ON availability_score_1"
            + " FOR EACH ROW EXECUTE FUNCTION disk_full()");
    csv("b.csv", HEADER + "1,2,m,0.5,2024-06-08T06:00:00Z\n");
    RunResult result = FullSync.run(test, "--input=" + folder + "/b.csv");
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(
        result.summary().error().startsWith("the database is out of disk space"),
        result.summary().error());
  }

  @Test
  void withoutADatabaseThereIsNoRun() {
    assertThrows(
        DatabaseException.class,
        () ->
            FullSync.run(test, "--input=x.csv", "--jdbcUrl=jdbc:postgresql://127.0.0.1:1/nowhere"));
  }

  private void assertFails(String message, String... arguments) {
    RunResult result = FullSync.run(test, arguments);
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(result.summary().error().contains(message), result.summary().error());
    assertEquals(0, result.summary().counts().read());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM availability_score"));
  }

  private Path csv(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
  }

  private static ScoreFiles files() {
    return new ScoreFiles(
        ColumnMapping.parse(null),
        null,
        io.shelfcast.quality.RowRules.asOf(java.time.Instant.now(), java.time.Duration.ZERO));
  }

  private static org.apache.beam.sdk.io.fs.MatchResult.Metadata metadata(Path file)
      throws IOException {
    return org.apache.beam.sdk.io.FileSystems.matchSingleFileSpec(file.toString());
  }

  private List<String> fingerprint() {
    return fingerprint(test);
  }

  private static List<String> fingerprint(TestDatabase database) {
    return database.query(
        "SELECT count(*), md5(string_agg(s::text, ',' ORDER BY model_version, store_id,"
            + " product_id)) FROM current_score s");
  }
}
