package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.SnowflakeFormat;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From tables of the stand-in through the real driver and the whole pipeline into PostgreSQL. */
class SnowflakeSyncTest {

  private static final String TABLE =
      """
      CREATE TABLE scores (STORE_ID NUMBER(38,0), PRODUCT_ID NUMBER(38,0), MODEL_VERSION VARCHAR,
        SCORE FLOAT, SCORED_AT TIMESTAMP_LTZ)""";

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;
  private TestSnowflake snowflake;

  @BeforeEach
  void start() {
    snowflake = new TestSnowflake(folder);
  }

  @AfterEach
  void stop() {
    snowflake.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTableIsInsertedAndKeptWhenItComesAgain(SnowflakeFormat format) throws IOException {
    fill(5000);
    RunResult first = run(format);
    assertEquals(new RowCounts(5000, 0, 0, 0), counts(first));
    assertTrue(first.summary().cost().bytesRead() > 0);
    assertEquals(new RowCounts(0, 0, 5000, 0), counts(run(format)));
    assertEquals(
        List.of("4999|99|m-1|0.4999|2024-06-08 06:00:00.123456+00"),
        test.query(
            "SELECT store_id, product_id, model_version, score, scored_at FROM current_score"
                + " WHERE store_id = 4999"));
    assertEquals(
        List.of("snowflake:127.0.0.1/AVAILABILITY.PUBLIC.SCORES"),
        test.query("SELECT DISTINCT source FROM sync_run"));
    assertEquals(List.of(), snowflake.staged());
  }

  @ParameterizedTest
  @EnumSource
  void aTableReplacesAModelVersionAtOnce(SnowflakeFormat format) throws IOException {
    fill(2000);
    counts(run(format));
    snowflake.emulator().execute("DELETE FROM scores WHERE STORE_ID >= 1500");
    snowflake.emulator().execute("UPDATE scores SET SCORED_AT = SCORED_AT + INTERVAL 1 HOUR");
    String[] complete = {"--writeMode=auto", "--inputIsComplete", "--modelVersion=m-1"};
    // A quarter of the stores is gone, which somebody has to say is right.
    assertEquals(RunStatus.REFUSED, run(format, complete).summary().status());
    assertEquals(List.of(), snowflake.staged());
    assertEquals(List.of("2000"), test.query("SELECT count(*) FROM current_score"));

    String[] forced = Arrays.copyOf(complete, 5);
    forced[3] = "--force";
    forced[4] = "--reason=stores were closed";
    RunResult result = run(format, forced);
    assertEquals(RunStatus.SUCCEEDED, result.summary().status(), result.summary().error());
    assertEquals("snapshot", result.summary().writeMode());
    assertEquals(500, result.summary().swap().removed());
    assertTrue(
        snowflake.decisions().get(0).contains("about 1,500 rows"),
        snowflake.decisions().toString());
  }

  @ParameterizedTest
  @EnumSource
  void wrongRowsBecomeDeadLettersWithTheirValuesAndDoNotStopTheUnload(SnowflakeFormat format) {
    snowflake.emulator().execute(TABLE);
    snowflake
        .emulator()
        .execute(
            """
            INSERT INTO scores VALUES
              (1, 1, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (NULL, 2, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (1, NULL, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (1, 4, NULL, 0.5, '2024-06-08T06:00:00Z'),
              (1, 5, 'm', NULL, '2024-06-08T06:00:00Z'),
              (1, 6, 'm', 0.5, NULL),
              (1, 7, 'm', 'NaN', '2024-06-08T06:00:00Z'),
              (1, 8, 'm', 'Infinity', '2024-06-08T06:00:00Z'),
              (1, 9, 'm', 1.5, '2024-06-08T06:00:00Z'),
              (-1, 10, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (1, 11, 'm', 0.5, '1999-06-08T06:00:00Z'),
              (1, 12, 'm', 0.5, '2124-06-08T06:00:00Z'),
              (12345678901234567890, 13, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (1, -12345678901234567890, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (NULL, NULL, NULL, NULL, NULL)""");
    assertEquals(new RowCounts(1, 0, 0, 14), counts(run(format)));
    assertEquals(
        List.of(
            "model_version_missing|4",
            "product_id_missing|null",
            "product_id_not_a_number|-12345678901234567890",
            "score_infinite|8",
            "score_missing|5",
            "score_nan|7",
            "score_out_of_range|9",
            "scored_at_before_2000|11",
            "scored_at_in_future|12",
            "scored_at_missing|6",
            "store_id_missing|2",
            "store_id_missing|null",
            "store_id_negative|10",
            "store_id_not_a_number|13"),
        test.query(
            "SELECT reason, coalesce(payload::json ->> 'product_id', 'null') FROM dead_letter"
                + " ORDER BY 1, 2"));
    assertEquals(
        List.of(
            "snowflake:127.0.0.1/AVAILABILITY.PUBLIC.SCORES|12345678901234567890|2024-06-08T06:00:00Z"),
        test.query(
            "SELECT source, payload::json ->> 'store_id', payload::json ->> 'scored_at'"
                + " FROM dead_letter WHERE reason = 'store_id_not_a_number'"));
  }

  @ParameterizedTest
  @EnumSource
  void aWrongRowThatIsReadAgainIsTheSameDeadLetter(SnowflakeFormat format) {
    snowflake.emulator().execute(TABLE);
    snowflake
        .emulator()
        .execute("INSERT INTO scores VALUES (1, 1, 'm', 7, '2024-06-08T06:00:00Z')");
    counts(run(format));
    snowflake.emulator().execute("DELETE FROM scores");
    snowflake
        .emulator()
        .execute(
            """
            INSERT INTO scores VALUES (1, 2, 'm', 0.5, '2024-06-08T06:00:00Z'),
              (1, 1, 'm', 7, '2024-06-08T06:00:00Z')""");
    counts(run(format));
    assertEquals(List.of("2"), test.query("SELECT attempts FROM dead_letter"));
  }

  @ParameterizedTest
  @EnumSource
  void textComesWholeThroughTheUnload(SnowflakeFormat format) {
    List<String> hostile =
        List.of(
            "it's \"q\", c",
            "two\nlines",
            "cr\r\nlf",
            "C:\\temp\\",
            "\\N",
            "N",
            "%N",
            "%25",
            "",
            "\u00fc\u6f22\ud83d\ude00",
            "'",
            "\\'",
            "',', '",
            "100%",
            " lead/trail ",
            "\t",
            "\"",
            "\n",
            "\\");
    snowflake.emulator().execute(TABLE);
    for (String text : hostile) {
      String literal = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
      snowflake
          .emulator()
          .execute(
              "INSERT INTO scores SELECT 1, 2, %s, 0.5, TIMESTAMPTZ '2024-06-08T06:00:00Z'"
                  .formatted(literal));
    }
    RowCounts counts = counts(run(format));
    assertEquals(hostile.size(), counts.read());
    // "N" is a name that a model version can have; the others are in dead letters as they were.
    assertEquals(List.of("N"), test.query("SELECT name FROM model_version"));
    List<String> found = test.query("SELECT payload::json ->> 'model_version' FROM dead_letter");
    assertEquals(
        hostile.stream().filter(text -> !text.equals("N")).sorted().toList(),
        found.stream().sorted().toList());
  }

  @ParameterizedTest
  @EnumSource
  void columnsMayBeTextWithGoodAndBadValues(SnowflakeFormat format) {
    snowflake
        .emulator()
        .execute("CREATE TABLE texts (S VARCHAR, P VARCHAR, M VARCHAR, X VARCHAR, T VARCHAR)");
    snowflake
        .emulator()
        .execute(
            """
            INSERT INTO texts VALUES
              ('7', '11', 'm', '0.25', '2024-06-08 06:00:00.000001 +0000'),
              ('7', '12', 'm', '0.25', '2024-06-08T06:00:00.000001Z'),
              ('seven', '13', 'm', '0.25', '2024-06-08T06:00:00Z'),
              ('7', '14.5', 'm', '0.25', '2024-06-08T06:00:00Z'),
              ('7', '15', 'm', 'much', '2024-06-08T06:00:00Z'),
              ('7', '16', 'm', '0.25', 'soon'),
              (NULL, '17', 'm', '0.25', '2024-06-08T06:00:00Z')""");
    assertEquals(
        new RowCounts(1, 0, 0, 6),
        counts(
            run(
                format,
                "--snowflakeTable=texts",
                "--columns=store_id=s,product_id=p,model_version=m,score=x,scored_at=t")));
    assertEquals(
        List.of("seven"),
        test.query(
            "SELECT payload::json ->> 'store_id' FROM dead_letter"
                + " WHERE reason = 'store_id_not_a_number'"));
  }

  @ParameterizedTest
  @EnumSource
  void aQueryIsWrappedAndMayNameNoModelVersion(SnowflakeFormat format) {
    fill(100);
    RunResult result =
        run(
            format,
            "--snowflakeQuery=SELECT STORE_ID AS \"store\", PRODUCT_ID, SCORE, SCORED_AT"
                + " FROM scores WHERE STORE_ID < 10 -- the first ten",
            "--columns=store_id=\"store\"",
            "--modelVersion=given");
    assertEquals(new RowCounts(10, 0, 0, 0), counts(result));
    assertEquals(List.of("given"), test.query("SELECT name FROM model_version"));
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTableIsARunThatReadNothing(SnowflakeFormat format) {
    snowflake.emulator().execute(TABLE);
    assertEquals(new RowCounts(0, 0, 0, 0), counts(run(format)));
  }

  @ParameterizedTest
  @EnumSource
  void aMissingColumnIsToldBeforeTheUnload(SnowflakeFormat format) {
    snowflake.emulator().execute("CREATE TABLE scores (STORE_ID NUMBER(38,0), SCORE FLOAT)");
    assertFails(
        run(format),
        "scores has no column PRODUCT_ID; if it is called otherwise, say so:"
            + " --columns=product_id=NAME. It has STORE_ID, SCORE");
    assertNothingUnloaded();
  }

  @Test
  void aMissingTableIsToldWithWhatToCheck() {
    RunResult result = run(SnowflakeFormat.parquet, "--snowflakeTable=nowhere");
    assertFails(result, "cannot read nowhere: ");
    assertTrue(result.summary().error().contains("is the name right"), result.summary().error());
    assertNothingUnloaded();
  }

  @ParameterizedTest
  @EnumSource
  void aSlowUnloadIsWaitedFor(SnowflakeFormat format) {
    fill(10);
    snowflake.emulator().faults().slow("COPY INTO", Duration.ofSeconds(3));
    assertEquals(new RowCounts(10, 0, 0, 0), counts(run(format)));
  }

  @ParameterizedTest
  @EnumSource
  void aFailedUnloadFailsTheRunInOneLine(SnowflakeFormat format) {
    fill(10);
    snowflake
        .emulator()
        .faults()
        .failNext("COPY INTO", "000606", "57P03", "No active warehouse selected\nin the session.");
    RunResult result = run(format);
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(
        result.summary().error().contains("No active warehouse selected"),
        result.summary().error());
    assertEquals(1, result.summary().error().lines().count());
    assertEquals(List.of("0"), test.query("SELECT count(*) FROM availability_score"));
  }

  @ParameterizedTest
  @EnumSource
  void requestsThatFailForAMomentAreTriedAgain(SnowflakeFormat format) {
    fill(10);
    snowflake.emulator().faults().unavailable(2);
    assertEquals(new RowCounts(10, 0, 0, 0), counts(run(format)));
  }

  private void assertNothingUnloaded() {
    assertFalse(
        snowflake.emulator().statements().stream().anyMatch(sql -> sql.contains("COPY INTO")),
        snowflake.emulator().statements().toString());
  }

  private static void assertFails(RunResult result, String message) {
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(result.summary().error().startsWith(message), result.summary().error());
    assertEquals(1, result.summary().error().lines().count());
  }

  private void fill(int rows) {
    snowflake.emulator().execute(TABLE);
    snowflake
        .emulator()
        .execute(
            """
            INSERT INTO scores SELECT i, i %% 100, 'm-1', (i %% 10000) / 10000.0,
              TIMESTAMPTZ '2024-06-08 06:00:00.123456Z' FROM range(%d) r (i)"""
                .formatted(rows));
  }

  private RunResult run(SnowflakeFormat format, String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.add("--snowflakeFormat=" + format);
    return snowflake.run(test, all.toArray(new String[0]));
  }

  private static RowCounts counts(RunResult result) {
    if (result.summary().status() != RunStatus.SUCCEEDED) {
      throw new AssertionError(result.summary().toString(), result.failure());
    }
    return result.summary().counts();
  }
}
