package io.shelfcast.snowflake;

import java.io.Serializable;
import java.util.UUID;
import org.apache.beam.sdk.io.snowflake.SnowflakeIO;
import org.jspecify.annotations.Nullable;

/** What one run reads from Snowflake: the query, and how its rows come out. Holds no secret. */
public final class PlannedUnload implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Large enough that files are few, small enough that many workers have one each. */
  private static final int MAX_FILE_BYTES = 64 << 20;

  private final SnowflakeSettings settings;
  private final ReadWindow window;
  private final @Nullable String decision;
  private final String query;
  private final CsvRow csvRow;
  private final boolean timesAreMicros;

  PlannedUnload(
      SnowflakeSettings settings,
      ReadWindow window,
      @Nullable String decision,
      String query,
      CsvRow csvRow,
      boolean timesAreMicros) {
    this.settings = settings;
    this.window = window;
    this.decision = decision;
    this.query = query;
    this.csvRow = csvRow;
    this.timesAreMicros = timesAreMicros;
  }

  /** What time it reads. */
  public ReadWindow window() {
    return window;
  }

  /** What it does otherwise than the options ask for, and why; null: nothing. */
  public @Nullable String decision() {
    return decision;
  }

  public SnowflakeFormat format() {
    return settings.format();
  }

  /** Whether scored_at comes as whole microseconds, and not as text. */
  public boolean timesAreMicros() {
    return timesAreMicros;
  }

  /** The rows, by way of CSV. */
  public SnowflakeIO.Read<UnloadedRow> csv() {
    SnowflakeAccount account = settings.account();
    return SnowflakeIO.<UnloadedRow>read()
        .withDataSourceConfiguration(
            SnowflakeIO.DataSourceConfiguration.create(new SnowflakeDataSource(account))
                .withDatabase(account.database())
                .withSchema(account.schema()))
        .withStagingBucketName(settings.staging())
        .withStorageIntegrationName(settings.integration())
        // The default, an apostrophe, stands in text more often.
        .withQuotationMark("\"")
        .fromQuery(query)
        .withCsvMapper(csvRow)
        .withCoder(UnloadedRowCoder.of());
  }

  /** The folder for the Parquet files of a run. */
  public String folder(String runId) {
    return settings.staging() + "shelfcast_" + runId + '/';
  }

  /**
   * Unloads as Parquet into a folder of its own below the run's, so that an attempt whose end
   * nobody heard of leaves nothing where this one's files are looked for.
   *
   * @return the files as a glob; null when there was no row, and so no file
   */
  public @Nullable String unload(String runId) {
    String folder = folder(runId) + UUID.randomUUID() + '/';
    // Snowflake's name for gs://.
    String location = folder.replaceFirst("^gs://", "gcs://");
    String copy =
        """
        COPY INTO %s FROM (
        %s
        ) STORAGE_INTEGRATION = %s FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE MAX_FILE_SIZE = %d"""
            .formatted(SqlText.literal(location), query, settings.integration(), MAX_FILE_BYTES);
    try (SnowflakeSession session = SnowflakeSession.open(settings.account())) {
      return session.unload(copy) == 0 ? null : folder + '*';
    }
  }

  @Override
  public String toString() {
    return "PlannedUnload[" + settings.name() + ", " + window + "]";
  }
}
