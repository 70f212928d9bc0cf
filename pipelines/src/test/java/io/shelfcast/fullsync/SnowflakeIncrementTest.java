package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs read of a table that they have read before, by the stand-in's clock. */
class SnowflakeIncrementTest {

  private static final Instant SIX = Instant.parse("2024-06-08T06:00:00.000001Z");
  private static final String[] BY_COLUMN = {
    "--increment=column", "--incrementColumn=loaded_at", "--modelVersion=m"
  };

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;
  private TestSnowflake snowflake;
  private int products;

  @BeforeEach
  void start() {
    snowflake = new TestSnowflake(folder);
    snowflake
        .emulator()
        .execute(
            """
            CREATE TABLE scores (STORE_ID NUMBER(38,0), PRODUCT_ID NUMBER(38,0), SCORE FLOAT,
              SCORED_AT TIMESTAMP_LTZ, LOADED_AT TIMESTAMP_NTZ)""");
    itIs(SIX);
  }

  @AfterEach
  void stop() {
    snowflake.close();
  }

  @Test
  void threeWindowsReadEveryRowAndThoseInTheOverlapTwice() {
    load(SIX.minus(Duration.ofDays(30)));
    load(SIX.minus(Duration.ofMinutes(5)));
    assertEquals(inserted(2), sync(BY_COLUMN));
    assertEquals(1, snowflake.decisions().size());
    assertTrue(
        snowflake
            .decisions()
            .get(0)
            .startsWith("--increment=column reads all rows this time, because no run of"),
        snowflake.decisions().toString());

    // Committed late, with a load time from before the first run's end.
    load(SIX.minus(Duration.ofMinutes(9)));
    load(SIX.plus(Duration.ofHours(1)));
    itIs(SIX.plus(Duration.ofHours(2)));
    assertEquals(new RowCounts(2, 0, 1, 0), sync(BY_COLUMN));

    // Later than the overlap: this is what an overlap cannot find.
    load(SIX.plus(Duration.ofHours(2)).minus(Duration.ofMinutes(11)));
    load(SIX.plus(Duration.ofHours(2)).minus(Duration.ofMinutes(10)));
    load(SIX.plus(Duration.ofHours(2)));
    load(SIX.plus(Duration.ofHours(5)));
    itIs(SIX.plus(Duration.ofHours(4)));
    assertEquals(inserted(2), sync(BY_COLUMN));

    assertEquals(
        List.of(
            "null|06:00:00.000001|06:00:00.000001",
            "05:50:00.000001|08:00:00.000001|08:00:00.000001",
            "07:50:00.000001|10:00:00.000001|10:00:00.000001"),
        windows());
    assertEquals(1, snowflake.decisions().size());
  }

  @Test
  void aRunThatFailsAfterTheUnloadLeavesItsWindowToTheNext() {
    load(SIX);
    sync(BY_COLUMN);
    load(SIX.plus(Duration.ofHours(1)));
    itIs(SIX.plus(Duration.ofHours(2)));
    // The rows are unloaded, read and written; then the run cannot be marked as succeeded.
    test.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'killed'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON sync_run FOR EACH ROW
          WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION refuse()""");
    RunResult failed = snowflake.run(test, BY_COLUMN);
    assertEquals(RunStatus.FAILED, failed.summary().status());
    assertEquals(1, failed.summary().counts().inserted());

    test.execute("DROP TRIGGER refuse ON sync_run");
    itIs(SIX.plus(Duration.ofHours(3)));
    assertEquals(new RowCounts(0, 0, 2, 0), sync(BY_COLUMN));
    assertEquals(
        List.of(
            "null|06:00:00.000001|06:00:00.000001",
            "05:50:00.000001|08:00:00.000001|null",
            "05:50:00.000001|09:00:00.000001|09:00:00.000001"),
        windows());
  }

  @Test
  void aRunThatTheGateRefusesLeavesItsWindowToTheNext() {
    load(SIX);
    load(SIX);
    RunResult refused =
        snowflake.run(
            test,
            "--increment=column",
            "--incrementColumn=loaded_at",
            "--modelVersion=m",
            "--maxScoreAge=PT1S");
    assertEquals(RunStatus.REFUSED, refused.summary().status());

    assertEquals(inserted(2), sync(BY_COLUMN));
    assertEquals(
        List.of("null|06:00:00.000001|null", "null|06:00:00.000001|06:00:00.000001"), windows());
  }

  @Test
  void aRunOfAllRowsMovesTheWatermarkTooAndASnapshotAsWell() {
    load(SIX);
    sync("--modelVersion=m", "--writeMode=snapshot");
    load(SIX.plus(Duration.ofHours(1)));
    itIs(SIX.plus(Duration.ofHours(2)));
    assertEquals(new RowCounts(1, 0, 1, 0), sync(BY_COLUMN));
  }

  @Test
  void anotherModelVersionHasAWatermarkOfItsOwn() {
    load(SIX);
    sync(BY_COLUMN);
    assertEquals(
        inserted(1),
        sync("--increment=column", "--incrementColumn=loaded_at", "--modelVersion=other"));
    assertEquals(2, snowflake.decisions().size());
  }

  @Test
  void sinceReadsAgainAndMovesTheWatermarkOnlyIfItLeavesNoGap() {
    load(SIX.minus(Duration.ofDays(1)));
    load(SIX);
    sync(BY_COLUMN);
    itIs(SIX.plus(Duration.ofHours(2)));
    // From the watermark itself on: rows that were loaded before and committed late may be missing.
    assertEquals(new RowCounts(0, 0, 1, 0), sync(since("2024-06-08T06:00:00Z")));
    assertEquals(new RowCounts(0, 0, 1, 0), sync(since("2024-06-08T05:50:00Z")));
    itIs(SIX.plus(Duration.ofHours(4)));
    assertEquals(inserted(0), sync(since("2024-06-08T09:00:00Z")));
    itIs(SIX.plus(Duration.ofHours(6)));
    sync(BY_COLUMN);
    assertEquals(
        List.of(
            "null|06:00:00.000001|06:00:00.000001",
            "06:00:00|08:00:00.000001|06:00:00.000001",
            "05:50:00|08:00:00.000001|08:00:00.000001",
            "09:00:00|10:00:00.000001|08:00:00.000001",
            "07:50:00.000001|12:00:00.000001|12:00:00.000001"),
        windows());
  }

  @Test
  void aFirstRunSinceATimeLeavesNoWatermark() {
    load(SIX);
    sync(since("2024-06-08T05:00:00Z"));
    assertEquals(List.of("05:00:00|06:00:00.000001|null"), windows());
  }

  @Test
  void sinceATimeToComeIsToldByTheClockOfSnowflake() {
    RunResult result = snowflake.run(test, since("2024-06-08T07:00:00Z"));
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertEquals(
        "there is nothing to read from 2024-06-08T07:00:00Z on: by Snowflake's clock it is " + SIX,
        result.summary().error());
  }

  @Test
  void changesAreReadFromWhereTheLastRunEndedWithoutDeletions() {
    snowflake.emulator().trackChanges("scores");
    snowflake.emulator().retention("scores", 2);
    change(SIX, 1, 2, 3);
    itIs(SIX.plus(Duration.ofHours(1)));
    assertEquals(inserted(3), sync("--increment=changes", "--modelVersion=m"));

    change(SIX.plus(Duration.ofMinutes(90)), 4);
    snowflake
        .emulator()
        .updateAt(
            SIX.plus(Duration.ofMinutes(95)),
            "scores",
            "SCORE = 0.75, SCORED_AT = SCORED_AT + INTERVAL 1 HOUR",
            "PRODUCT_ID = 1");
    snowflake.emulator().deleteAt(SIX.plus(Duration.ofMinutes(99)), "scores", "PRODUCT_ID = 2");
    itIs(SIX.plus(Duration.ofHours(2)));
    assertEquals(new RowCounts(1, 1, 0, 0), sync("--increment=changes", "--modelVersion=m"));
    assertEquals(
        List.of(
            "null|07:00:00.000001|07:00:00.000001",
            "07:00:00.000001|08:00:00.000001|08:00:00.000001"),
        windows());
  }

  @Test
  void changesThatSnowflakeNoLongerKeepsMeanAReadOfAll() {
    snowflake.emulator().trackChanges("scores");
    change(SIX, 1);
    itIs(SIX.plus(Duration.ofHours(1)));
    sync("--increment=changes", "--modelVersion=m");
    itIs(SIX.plus(Duration.ofDays(2)));
    assertEquals(new RowCounts(0, 0, 1, 0), sync("--increment=changes", "--modelVersion=m"));
    assertTrue(
        snowflake.decisions().get(1).contains("keeps the changes of"),
        snowflake.decisions().toString());
    assertEquals(
        List.of(snowflake.decisions().get(1)),
        test.query("SELECT window_note FROM sync_run ORDER BY started_at DESC LIMIT 1"));
  }

  @Test
  void anIncrementIsNeverASnapshot() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> snowflake.run(test, "--increment=changes", "--writeMode=snapshot"));
    assertTrue(e.getMessage().contains("--increment=none"), e.getMessage());

    load(SIX);
    RunResult result =
        snowflake.run(
            test,
            "--increment=column",
            "--incrementColumn=loaded_at",
            "--modelVersion=m",
            "--writeMode=auto");
    assertEquals("merge", result.summary().writeMode());
    assertEquals(RunStatus.SUCCEEDED, result.summary().status());
  }

  private static String[] since(String time) {
    return new String[] {
      "--increment=column", "--incrementColumn=loaded_at", "--modelVersion=m", "--since=" + time
    };
  }

  private List<String> windows() {
    return test.query(
        """
        SELECT coalesce((window_from AT TIME ZONE 'UTC')::time::text, 'null'),
          (window_to AT TIME ZONE 'UTC')::time,
          coalesce((watermark AT TIME ZONE 'UTC')::time::text, 'null')
        FROM sync_run ORDER BY started_at""");
  }

  private void itIs(Instant now) {
    snowflake.emulator().clock(InstantSource.fixed(now));
  }

  /** A row that says that it was loaded at a time. */
  private void load(Instant loadedAt) {
    snowflake
        .emulator()
        .execute(
            "INSERT INTO scores VALUES (1, %d, 0.5, '2024-06-08T05:00:00Z', TIMESTAMP '%s')"
                .formatted(++products, loadedAt.toString().replace("Z", "")));
  }

  /** Rows that are committed at a time. */
  private void change(Instant committed, int... productIds) {
    for (int product : productIds) {
      snowflake
          .emulator()
          .insertAt(
              committed,
              "scores",
              "VALUES (1, %d, 0.5, TIMESTAMPTZ '2024-06-08 05:00:00Z', NULL)".formatted(product));
    }
  }

  private static RowCounts inserted(int rows) {
    return new RowCounts(rows, 0, 0, 0);
  }

  private RowCounts sync(String... arguments) {
    RunResult result = snowflake.run(test, arguments);
    if (result.summary().status() != RunStatus.SUCCEEDED) {
      throw new AssertionError(result.summary().toString(), result.failure());
    }
    return result.summary().counts();
  }
}
