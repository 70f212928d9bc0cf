package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beam's real file system for gs://, against a stand-in for the service behind it. */
class GcsInputTest {

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  @Test
  void scoreFilesAreReadFromGoogleCloudStorage() throws Exception {
    Path parquet = folder.resolve("a.parquet");
    ParquetFiles.write(parquet, ParquetFiles.SCHEMA, 5000, 16_384, ParquetFiles::good);
    try (FakeGcs gcs = new FakeGcs()) {
      gcs.put("scores", "daily/a.parquet", Files.readAllBytes(parquet));
      gcs.put(
          "scores",
          "daily/b.csv.gz",
          CsvFiles.gzip(
              """
              store_id,product_id,model_version,score,scored_at
              9000,1,m,0.5,2024-06-08T06:00:00Z
              """));
      gcs.put("scores", "other/c.parquet", new byte[0]);
      assertEquals(
          new RowCounts(5001, 0, 0, 0),
          FullSync.sync(test, gcs.options("--input=gs://scores/daily/*")));
    }
  }

  @Test
  void aGlobThatMatchesNoObjectIsToldSo() throws Exception {
    try (FakeGcs gcs = new FakeGcs()) {
      RunResult result = FullSync.run(test, gcs.options("--input=gs://scores/none/*.parquet"));
      assertEquals(RunStatus.FAILED, result.summary().status());
      assertTrue(
          result.summary().error().contains("gs://scores/none/*.parquet"),
          result.summary().error());
    }
  }
}
