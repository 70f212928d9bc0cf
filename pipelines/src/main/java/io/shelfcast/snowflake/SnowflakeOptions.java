package io.shelfcast.snowflake;

import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Options of a source in Snowflake. What they demand of each other: {@link SnowflakeSettings}. */
public interface SnowflakeOptions extends PipelineOptions {

  @Description("Snowflake account, https://ORG-ACCOUNT.snowflakecomputing.com.")
  @Nullable String getSnowflakeUrl();

  void setSnowflakeUrl(@Nullable String value);

  @Description("Snowflake warehouse that unloads the rows; the user's own if not given.")
  @Nullable String getSnowflakeWarehouse();

  void setSnowflakeWarehouse(@Nullable String value);

  @Description("Snowflake database of the table, or that names in the query are looked up in.")
  @Nullable String getSnowflakeDatabase();

  void setSnowflakeDatabase(@Nullable String value);

  @Description("Snowflake schema of the table, or that names in the query are looked up in.")
  @Nullable String getSnowflakeSchema();

  void setSnowflakeSchema(@Nullable String value);

  @Description("Snowflake role to work as; the user's own if not given.")
  @Nullable String getSnowflakeRole();

  void setSnowflakeRole(@Nullable String value);

  @Description("Snowflake user to log in as.")
  @Nullable String getSnowflakeUser();

  void setSnowflakeUser(@Nullable String value);

  @Description(
      "Where the user's private key is (PKCS#8, PEM): env:NAME, file:PATH or"
          + " projects/P/secrets/S/versions/V. One of this, a password and a token.")
  @Nullable String getSnowflakePrivateKey();

  void setSnowflakePrivateKey(@Nullable String value);

  @Description("Where the passphrase of an encrypted private key is, by reference like the key.")
  @Nullable String getSnowflakePrivateKeyPassphrase();

  void setSnowflakePrivateKeyPassphrase(@Nullable String value);

  @Description("Where the user's password is: env:NAME, file:PATH or a Secret Manager version.")
  @Nullable String getSnowflakePassword();

  void setSnowflakePassword(@Nullable String value);

  @Description("Where an OAuth access token is: env:NAME, file:PATH or a Secret Manager version.")
  @Nullable String getSnowflakeToken();

  void setSnowflakeToken(@Nullable String value);

  @Description("Table or view with score rows: NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME.")
  @Nullable String getSnowflakeTable();

  void setSnowflakeTable(@Nullable String value);

  @Description("Query that gives score rows, in place of --snowflakeTable.")
  @Nullable String getSnowflakeQuery();

  void setSnowflakeQuery(@Nullable String value);

  @Description("Snowflake storage integration that may write to the staging bucket.")
  @Nullable String getSnowflakeStorageIntegration();

  void setSnowflakeStorageIntegration(@Nullable String value);

  @Description("Where Snowflake unloads the rows to, gs://BUCKET/FOLDER/. The files go afterwards.")
  @Nullable String getSnowflakeStagingBucket();

  void setSnowflakeStagingBucket(@Nullable String value);

  @Description(
      "What the rows are unloaded as. parquet: exact, and several times faster to read. csv: by way"
          + " of Beam's SnowflakeIO; Snowflake cuts scores to nine decimals in it.")
  @Default.Enum("parquet")
  SnowflakeFormat getSnowflakeFormat();

  void setSnowflakeFormat(SnowflakeFormat value);

  @Description(
      "What of the table to read. none: all. column: rows that --incrementColumn says were loaded"
          + " since the last run of this table and model version. changes: what Snowflake's change"
          + " tracking has since then.")
  @Default.Enum("none")
  Increment getIncrement();

  void setIncrement(Increment value);

  @Description("With --increment=column: the column with the time at which a row was loaded.")
  @Nullable String getIncrementColumn();

  void setIncrementColumn(@Nullable String value);

  @Description(
      "With --increment=column: how far behind the last run's end to read again, for rows whose"
          + " load time is earlier than their commit, as ISO 8601.")
  @Default.InstanceFactory(TenMinutes.class)
  Duration getOverlap();

  void setOverlap(Duration value);

  @Description("With --increment: read from this time on instead of from the last run's end.")
  @Nullable Instant getSince();

  void setSince(@Nullable Instant value);

  /** PT10M. */
  final class TenMinutes implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofMinutes(10);
    }
  }
}
