package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.SnowflakeFormat;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole way of a million rows, by each format and each way to write, and how long it takes. */
@Tag("scale")
class SnowflakeMillionRowsTest {

  private static final Logger LOG = LoggerFactory.getLogger(SnowflakeMillionRowsTest.class);
  private static final int ROWS = 1_000_000;
  private static final String SUMS =
      "SELECT sum(store_id), sum(store_id * product_id), sum(product_id"
          + " * (extract(epoch FROM scored_at - '2024-06-08 06:00:00Z') * 1000000)::bigint)"
          + " FROM current_score";

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"parquet,merge", "parquet,snapshot", "csv,merge", "csv,snapshot"})
  void aMillionRowsArrive(SnowflakeFormat format, WriteMode mode) throws Exception {
    try (TestSnowflake snowflake = new TestSnowflake(folder)) {
      snowflake
          .emulator()
          .execute(
              """
              CREATE TABLE scores AS SELECT FLOOR(i / 1000)::DECIMAL(38,0) AS STORE_ID,
                (i %% 1000 * 7919 %% 100003)::DECIMAL(38,0) AS PRODUCT_ID, 'realtime-v2' AS
                MODEL_VERSION, (hash(i) %% 1000003 / 1000003)::DOUBLE AS SCORE,
                TIMESTAMPTZ '2024-06-08 06:00:00Z' + to_microseconds(i) AS SCORED_AT
              FROM range(%d) r (i)"""
                  .formatted(ROWS));
      RunResult result =
          snowflake.run(
              test,
              "--snowflakeFormat=" + format,
              "--writeMode=" + mode,
              // As on one machine outside of tests.
              "--enforceImmutability=false",
              "--enforceEncodability=false");
      if (result.summary().status() != RunStatus.SUCCEEDED) {
        throw new AssertionError(result.summary().toString(), result.failure());
      }
      assertEquals(new RowCounts(ROWS, 0, 0, 0), result.summary().counts());
      assertEquals(List.of(sums()), test.query(SUMS));
      LOG.info(
          "{} and {}: {} s in all, of which the stand-in's unload {} s; {} s in the database",
          format,
          mode,
          result.summary().seconds(),
          unloadSeconds(snowflake),
          result.summary().cost().databaseSeconds());
    }
  }

  /** Weighted, so that values in another column, or in another row, give another sum. */
  private static String sums() {
    long stores = 0;
    long items = 0;
    long times = 0;
    for (long i = 0; i < ROWS; i++) {
      long store = i / 1000;
      long product = i % 1000 * 7919 % 100_003;
      stores += store;
      items += store * product;
      times += product * i;
    }
    return "%d|%d|%d".formatted(stores, items, times);
  }

  /** The run's own COPY once more, alone. */
  private double unloadSeconds(TestSnowflake snowflake) throws Exception {
    String copy =
        snowflake.emulator().statements().stream()
            .filter(sql -> sql.contains("COPY INTO"))
            .findFirst()
            .orElseThrow()
            .replaceFirst("'[^']+'", "'" + folder.resolve("again") + "/'");
    long start = System.nanoTime();
    try (Connection connection =
            DriverManager.getConnection(
                snowflake.emulator().jdbcUrl(), "sync", TestSnowflake.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(copy);
    }
    return Math.round((System.nanoTime() - start) / 1e6) / 1e3;
  }
}
