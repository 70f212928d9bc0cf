package io.shelfcast.snowflake;

/** What Snowflake unloads its rows as. */
public enum SnowflakeFormat {
  /** Gzipped CSV, by way of Beam's SnowflakeIO. */
  csv,
  /** Parquet, read as score files are. */
  parquet
}
