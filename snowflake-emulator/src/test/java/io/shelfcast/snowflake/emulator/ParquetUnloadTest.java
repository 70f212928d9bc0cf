package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files, with the types that Snowflake gives numbers in them. */
class ParquetUnloadTest {

  private final SnowflakeEmulator snowflake = Client.emulator().start();
  private Connection connection;
  @TempDir private Path folder;

  @BeforeEach
  void connect() throws SQLException {
    snowflake.execute(
        """
        CREATE TABLE T AS SELECT range::NUMBER(38,0) AS ID, (range * 10000000000)::NUMBER(38,0) AS BIG,
          range / 7 AS SCORE, 'note ' || range AS NOTE, (range / 10)::NUMBER(10,1) AS PRICE
        FROM range(100000)""");
    connection = Client.connect(snowflake);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    snowflake.close();
  }

  @Test
  void numbersAreAsSmallAsTheirValuesUnlessThatIsSwitchedOff() throws Exception {
    assertEquals("100000", copy("HEADER = TRUE").split("[|]", -1)[0]);
    assertEquals(
        List.of(
            "ID|INT32|DecimalType(scale=0, precision=5)",
            "BIG|INT64|DecimalType(scale=0, precision=15)",
            "SCORE|DOUBLE|null",
            "NOTE|BYTE_ARRAY|null",
            "PRICE|INT32|DecimalType(scale=1, precision=5)"),
        schema());
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER SESSION SET ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION = FALSE");
    }
    String unused = copy("OVERWRITE = TRUE");
    assertEquals(
        List.of(
            "_COL_0|FIXED_LEN_BYTE_ARRAY|DecimalType(scale=0, precision=38)",
            "_COL_1|FIXED_LEN_BYTE_ARRAY|DecimalType(scale=0, precision=38)",
            "_COL_2|DOUBLE|null",
            "_COL_3|BYTE_ARRAY|null",
            "_COL_4|INT64|DecimalType(scale=1, precision=10)"),
        schema());
  }

  @Test
  void anUnloadIsSplitByTheSizeOfItsFiles() throws Exception {
    String unused = copy("HEADER = TRUE MAX_FILE_SIZE = 200000");
    List<Path> files = files();
    assertTrue(files.size() > 4, files.toString());
    assertEquals(
        List.of("100000|4999950000"),
        duck("SELECT COUNT(*), SUM(ID)::BIGINT FROM '%s/out/*.parquet'".formatted(folder)));
    assertTrue(files.contains(folder.resolve("out/data_0_1_0.snappy.parquet")), files.toString());
  }

  @Test
  void noRowsMakeNoFile() throws Exception {
    assertEquals(
        List.of("0|0|0"),
        Client.rows(
            connection,
            "COPY INTO '%s/out/' FROM (SELECT ID FROM T WHERE 1=0) STORAGE_INTEGRATION=GCS"
                    .formatted(folder)
                + " FILE_FORMAT=(TYPE=PARQUET)"));
    assertTrue(!Files.exists(folder.resolve("out")));
  }

  @Test
  void aTimeWithAZoneIsRefused() {
    SQLException e =
        assertThrows(
            SQLException.class,
            () ->
                Client.rows(
                    connection,
                    "COPY INTO '%s/out/' FROM (SELECT CURRENT_TIMESTAMP AS T) FILE_FORMAT=(TYPE=PARQUET)"
                            .formatted(folder)
                        + " STORAGE_INTEGRATION=GCS"));
    assertTrue(e.getMessage().contains("TIMESTAMP_TZ and LTZ"), e.getMessage());
  }

  private String copy(String options) throws SQLException {
    return Client.rows(
            connection,
            "COPY INTO '%s/out/' FROM T STORAGE_INTEGRATION = GCS FILE_FORMAT = (TYPE = PARQUET) %s"
                .formatted(folder, options))
        .get(0);
  }

  private List<String> schema() throws SQLException {
    return duck(
        "SELECT name, type, logical_type FROM parquet_schema('%s/out/data_0_0_0.snappy.parquet') OFFSET 1"
            .formatted(folder));
  }

  private static List<String> duck(String sql) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      return Client.rows(duck, sql);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.sorted().toList();
    }
  }
}
