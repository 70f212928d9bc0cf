package io.shelfcast.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.quality.Column;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnloadQueryTest {

  private static final SourceColumn STORE = SourceColumn.of("STORE_ID", "NUMBER", 0);
  private static final SourceColumn PRODUCT = SourceColumn.of("PRODUCT_ID", "NUMBER", 0);
  private static final SourceColumn MODEL = SourceColumn.of("MODEL_VERSION", "VARCHAR", 0);
  private static final SourceColumn SCORE = SourceColumn.of("SCORE", "DOUBLE", 0);
  private static final SourceColumn TIME = SourceColumn.of("SCORED_AT", "TIMESTAMPLTZ", 6);
  private static final SourceColumn LOADED = SourceColumn.of("LOADED_AT", "TIMESTAMPNTZ", 9);

  private static final Instant FROM = Instant.parse("2024-06-08T06:00:00.000001Z");
  private static final Instant TO = Instant.parse("2024-06-08T12:00:00Z");

  @Test
  void columnsAreFoundInUpperCaseAndComeOutAsTheContractNamesThem() {
    assertEquals(
        """
        SELECT s."STORE_ID" AS "store_id",
          s."PRODUCT_ID" AS "product_id",
          TO_VARCHAR(s."MODEL_VERSION") AS "model_version",
          CAST(s."SCORE" AS DOUBLE) AS "score",
          DATE_PART(EPOCH_MICROSECOND, s."SCORED_AT") AS "scored_at"
        FROM scores s""",
        query(SnowflakeFormat.parquet, STORE, PRODUCT, MODEL, SCORE, TIME).all());
  }

  @Test
  void textIsEncodedForCsvOnly() {
    SourceColumn variant = SourceColumn.of("STORE_ID", "VARIANT", 0);
    String csv = query(SnowflakeFormat.csv, variant, PRODUCT, MODEL, SCORE, TIME).all();
    assertTrue(csv.contains("REPLACE(TO_VARCHAR(s.\"STORE_ID\"), '%', '%25')"), csv);
    assertFalse(
        query(SnowflakeFormat.parquet, variant, PRODUCT, MODEL, SCORE, TIME)
            .all()
            .contains("REPLACE"));
  }

  @Test
  void aWindowByColumnHasBothEnds() {
    String sql =
        query(SnowflakeFormat.parquet, STORE, PRODUCT, MODEL, SCORE, TIME, LOADED)
            .loadedIn("loaded_at", FROM, TO);
    assertTrue(
        sql.endsWith(
            "WHERE s.\"LOADED_AT\" >= '2024-06-08T06:00:00.000001Z'::TIMESTAMP_LTZ"
                + " AND s.\"LOADED_AT\" <= '2024-06-08T12:00:00Z'::TIMESTAMP_LTZ"),
        sql);
  }

  @Test
  void aWindowColumnHasToBeThereAndToBeATime() {
    UnloadQuery query = query(SnowflakeFormat.parquet, STORE, PRODUCT, MODEL, SCORE, TIME);
    assertSays("there is no column LOADED_AT", () -> query.loadedIn("loaded_at", FROM, TO));
    assertSays(
        "SCORE is DOUBLE; it has to be a TIMESTAMP", () -> query.loadedIn("score", FROM, TO));
  }

  @Test
  void aMissingColumnIsNamedWithTheOptionThatHelps() {
    assertSays(
        "scores has no column SCORE; if it is called otherwise, say so: --columns=score=NAME."
            + " It has STORE_ID, PRODUCT_ID",
        () -> query(SnowflakeFormat.csv, STORE, PRODUCT, MODEL, TIME));
    assertSays(
        "name the model version with --modelVersion",
        () -> query(SnowflakeFormat.csv, STORE, PRODUCT, SCORE, TIME));
  }

  @Test
  void aColumnOfAnotherKindIsRefusedBeforeTheUnload() {
    assertSays(
        "column STORE_ID in Snowflake is NUMBER with a fraction; store_id is to be a NUMBER(38,0)",
        () ->
            query(
                SnowflakeFormat.csv,
                SourceColumn.of("STORE_ID", "NUMBER", 2),
                PRODUCT,
                MODEL,
                SCORE,
                TIME));
    assertSays(
        "column SCORED_AT in Snowflake is DATE; scored_at is to be a TIMESTAMP",
        () ->
            query(
                SnowflakeFormat.csv,
                STORE,
                PRODUCT,
                MODEL,
                SCORE,
                SourceColumn.of("SCORED_AT", "DATE", 0)));
  }

  @Test
  void aQueryThatEndsInACommentOrASemicolonIsWrappedWhole() {
    assertEquals("(\nSELECT 1 -- one\n)", new Relation.Query("SELECT 1 -- one\n").sql());
    assertEquals("(\nSELECT 1\n)", new Relation.Query(" SELECT 1 ; ").sql());
  }

  private static void assertSays(String message, org.junit.jupiter.api.function.Executable what) {
    SnowflakeException e = assertThrows(SnowflakeException.class, what);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static UnloadQuery query(SnowflakeFormat format, SourceColumn... columns) {
    return UnloadQuery.of(
        new Relation.Table("scores"), List.of(columns), Column::word, false, format);
  }
}
