package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV as Snowflake documents its unloads. */
class CsvUnloadTest {

  private final FakeGcs gcs = new FakeGcs();
  private final SnowflakeEmulator snowflake = Client.emulator().gcs(gcs).start();
  private Connection connection;
  @TempDir private Path folder;

  CsvUnloadTest() throws IOException {}

  @BeforeEach
  void connect() throws SQLException {
    snowflake.execute(
        """
        CREATE TABLE T AS SELECT * FROM (VALUES
          (1, 'plain', 0.5::DOUBLE), (2, 'a,b', 0.1234567891234::DOUBLE),
          (3, 'it''s', NULL), (4, NULL, 1::DOUBLE), (5, '', 0::DOUBLE),
          (6, chr(92) || 'N', 2::DOUBLE), (7, 'two' || chr(10) || 'lines', 3::DOUBLE))
          AS R(ID, NOTE, SCORE)""");
    connection = Client.connect(snowflake);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    snowflake.close();
    gcs.close();
  }

  @Test
  void unenclosedFieldsAreEscapedByBackslashes() throws Exception {
    String out =
        copy("FROM (SELECT ID, NOTE, SCORE FROM T ORDER BY ID) STORAGE_INTEGRATION=GCS"
                + " FILE_FORMAT=(TYPE=CSV COMPRESSION=NONE)")
            .get(0);
    long bytes = Files.size(folder.resolve("out/data_0_0_0.csv"));
    assertEquals("7|%d|%d".formatted(bytes, bytes), out);
    assertEquals(
        """
        1,plain,0.5
        2,a\\,b,0.123456789
        3,it's,\\N
        4,\\N,1
        5,"",0
        6,\\\\N,2
        7,two\\
        lines,3
        """,
        Files.readString(folder.resolve("out/data_0_0_0.csv")));
  }

  @Test
  void enclosedFieldsDoubleTheirMarks() throws Exception {
    String staging = "gcs://bucket//sf_copy_csv_1/run_1/";
    assertEquals(
        1,
        Client.rows(
                connection,
                "COPY INTO '%s' FROM (SELECT ID, NOTE FROM T ORDER BY ID) STORAGE_INTEGRATION=GCS FILE_FORMAT=(TYPE=CSV COMPRESSION=GZIP FIELD_OPTIONALLY_ENCLOSED_BY='0x27');"
                    .formatted(staging))
            .size());
    assertEquals(
        List.of("/sf_copy_csv_1/run_1/data_0_0_0.csv.gz"), gcs.names("bucket", "/sf_copy_csv_1/"));
    assertEquals(
        """
        1,'plain'
        2,'a,b'
        3,'it''s'
        4,\\N
        5,''
        6,'\\N'
        7,'two
        lines'
        """,
        unzipped(gcs.get("bucket", "/sf_copy_csv_1/run_1/data_0_0_0.csv.gz")));
  }

  @Test
  void noFileIsLargerThanAsked() throws Exception {
    assertEquals(
        1,
        copy("FROM (SELECT R.RANGE, MD5(R.RANGE::VARCHAR) FROM RANGES R) OVERWRITE=TRUE"
                + " MAX_FILE_SIZE = 100000 HEADER=FALSE STORAGE_INTEGRATION = GCS"
                + " FILE_FORMAT = (COMPRESSION = GZIP, TYPE = 'CSV')")
            .size());
    long rows = 0;
    List<Path> files = files();
    for (Path file : files) {
      assertTrue(Files.size(file) <= 100_000, file + " has " + Files.size(file));
      rows += unzipped(Files.readAllBytes(file)).lines().count();
    }
    assertEquals(50_000, rows);
    assertTrue(files.size() > 8, files.toString());
    assertTrue(files.contains(folder.resolve("out/data_0_0_1.csv.gz")), files.toString());
  }

  @Test
  void aTableIsUnloadedByItsName() throws Exception {
    List<String> unused =
        copy(
            "FROM AVAILABILITY.PUBLIC.T STORAGE_INTEGRATION=GCS HEADER=TRUE"
                + " FILE_FORMAT=(TYPE=CSV COMPRESSION=NONE)");
    assertEquals(
        "\"ID\",\"NOTE\",\"SCORE\"",
        Files.readString(folder.resolve("out/data_0_0_0.csv")).lines().findFirst().orElse(""));
  }

  @Test
  void filesThatAreThereAreOnlyOverwrittenIfAskedTo() throws Exception {
    String rest = "FROM T STORAGE_INTEGRATION=GCS FILE_FORMAT=(TYPE=CSV)";
    List<String> unused = copy(rest);
    assertFails(rest, "Files already existing at the unload destination");
    unused = copy(rest + " OVERWRITE=TRUE");
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertFails("FROM T STORAGE_INTEGRATION=OTHER FILE_FORMAT=(TYPE=CSV)", "Integration 'OTHER'");
    assertFails(
        "FROM T STORAGE_INTEGRATION=GCS FILE_FORMAT=(TYPE=CSV) SPEED=9",
        "invalid parameter 'SPEED'");
    assertFails(
        "FROM T STORAGE_INTEGRATION=GCS FILE_FORMAT=(TYPE=CSV TRIM=1)", "invalid parameter 'TRIM'");
    assertFails("FROM T STORAGE_INTEGRATION=GCS FILE_FORMAT=(TYPE=ORC)", "invalid value [ORC]");
  }

  private List<String> copy(String rest) throws SQLException {
    snowflake.execute("CREATE TABLE IF NOT EXISTS RANGES AS SELECT range FROM range(50000)");
    return Client.rows(connection, "COPY INTO '%s/out/' %s".formatted(folder, rest));
  }

  private void assertFails(String rest, String message) {
    SQLException e = assertThrows(SQLException.class, () -> copy(rest));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.sorted().toList();
    }
  }

  private static String unzipped(byte[] content) throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(content)).readAllBytes(),
        StandardCharsets.UTF_8);
  }
}
