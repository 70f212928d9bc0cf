package io.shelfcast.snowflake;

/** How a run finds what changed since the one before. */
public enum Increment {
  /** It does not: it reads all. */
  none,
  /** By a column that says when a row was loaded. */
  column,
  /** By the changes that Snowflake tracks of the table. */
  changes
}
