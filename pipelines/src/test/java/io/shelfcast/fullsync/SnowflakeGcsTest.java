package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.SnowflakeFormat;
import io.shelfcast.snowflake.emulator.FakeGcs;
import io.shelfcast.snowflake.emulator.SnowflakeEmulator;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Staged in a bucket, by Beam's real file system for gs://. */
class SnowflakeGcsTest {

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void rowsComeByWayOfABucketAndLeaveNothingInIt(SnowflakeFormat format) throws IOException {
    try (FakeGcs gcs = new FakeGcs();
        TestSnowflake snowflake = new TestSnowflake(folder, SnowflakeEmulator.builder().gcs(gcs))) {
      table(snowflake);
      RunResult result = run(snowflake, gcs, "--snowflakeFormat=" + format);
      if (result.summary().status() != RunStatus.SUCCEEDED) {
        throw new AssertionError(gcs.requests().toString(), result.failure());
      }
      assertEquals(new RowCounts(3000, 0, 0, 0), result.summary().counts());
      assertTrue(
          snowflake.emulator().statements().stream()
              .anyMatch(sql -> sql.contains("'gcs://staging/some/folder/")),
          snowflake.emulator().statements().toString());
      assertEquals(List.of(), gcs.names("staging", ""));
    }
  }

  @Test
  void aRunThatFailsInTheUnloadLeavesFilesThatTheNextDoesNotRead() throws IOException {
    try (FakeGcs gcs = new FakeGcs();
        TestSnowflake snowflake = new TestSnowflake(folder, SnowflakeEmulator.builder().gcs(gcs))) {
      table(snowflake);
      snowflake.emulator().faults().dieAfterFiles(1);
      assertEquals(RunStatus.FAILED, run(snowflake, gcs).summary().status());
      assertEquals(new RowCounts(3000, 0, 0, 0), run(snowflake, gcs).summary().counts());
    }
  }

  private RunResult run(TestSnowflake snowflake, FakeGcs gcs, String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(gcs.options(arguments)));
    all.add("--snowflakeStagingBucket=gs://staging/some/folder/");
    // All scores are the same, which the gate does not take.
    all.add("--gate=off");
    return snowflake.run(test, all.toArray(new String[0]));
  }

  private static void table(TestSnowflake snowflake) {
    snowflake
        .emulator()
        .execute(
            """
            CREATE TABLE scores AS SELECT i::DECIMAL(38,0) AS STORE_ID, 2::DECIMAL(38,0) AS
              PRODUCT_ID, 'm' AS MODEL_VERSION, 0.5::DOUBLE AS SCORE,
              TIMESTAMPTZ '2024-06-08 06:00:00Z' AS SCORED_AT FROM range(3000) r (i)""");
  }
}
