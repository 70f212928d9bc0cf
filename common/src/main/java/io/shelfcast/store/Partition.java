package io.shelfcast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The partition of availability_score that holds one model version. Its name is made of the
 * version's number, never of text from outside, which is why it may be spliced into SQL.
 *
 * <p>Batches are written to the partition itself: only there does RETURNING give the system column
 * that tells an insert from an update.
 */
record Partition(short modelVersionId) {

  /**
   * Half of each page is left free, for a full sync replaces every row, several times a day: so the
   * new row finds room on the old one's page, no index is touched (HOT), and the next one takes the
   * room of the last. Fuller pages do not stay smaller, they bloat; docs/decisions has the figures.
   */
  static final int MERGED_FILLFACTOR = 50;

  static Partition of(short modelVersionId) {
    return new Partition(modelVersionId);
  }

  String table() {
    return "availability_score_" + modelVersionId;
  }

  /** Whether it is there: that of a retired version may have been dropped. */
  boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement("SELECT to_regclass(?)::oid")) {
      find.setString(1, table());
      try (ResultSet row = find.executeQuery()) {
        row.next();
        return row.getString(1) != null;
      }
    }
  }

  /** Makes it, empty. Made aside and then attached, which needs less of a lock. */
  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '10s'");
      createAside(statement, table(), "fillfactor = " + MERGED_FILLFACTOR);
      addKey(statement, table());
      attach(statement);
    }
  }

  /**
   * Makes a table that can become this partition, without its key. The CHECK spares the scan of its
   * rows when it is attached.
   */
  void createAside(Statement statement, String table, String storage) throws SQLException {
    statement.execute(
        """
        CREATE TABLE %1$s (
          LIKE availability_score,
          CONSTRAINT model_version CHECK (model_version_id = %2$d)
        ) WITH (%3$s)"""
            .formatted(table, modelVersionId, storage));
  }

  /**
   * Gives the columns that are the same in all rows to come the values that they have, so that they
   * need not be sent; a partition has them not.
   */
  void setDefaults(Statement statement, String table, Origin origin) throws SQLException {
    statement.execute(
        """
        ALTER TABLE %s ALTER COLUMN model_version_id SET DEFAULT %d,
          ALTER COLUMN origin SET DEFAULT %d"""
            .formatted(table, modelVersionId, origin.number()));
  }

  static void addKey(Statement statement, String table) throws SQLException {
    statement.execute(
        """
        ALTER TABLE %1$s ADD CONSTRAINT %1$s_pkey
          PRIMARY KEY (model_version_id, store_id, product_id)"""
            .formatted(table));
  }

  /**
   * Attaches the table of this partition's name, which has its key. Keeps out other changes of the
   * schema, but neither readers nor writers of the other partitions.
   */
  void attach(Statement statement) throws SQLException {
    statement.execute(
        "ALTER TABLE availability_score ATTACH PARTITION %s FOR VALUES IN (%d)"
            .formatted(table(), modelVersionId));
    statement.execute("ALTER TABLE %s DROP CONSTRAINT model_version".formatted(table()));
  }

  /** Drops it with its rows. Readers of all partitions are kept out until the transaction ends. */
  void drop(Statement statement) throws SQLException {
    statement.execute("DROP TABLE " + table());
  }

  /**
   * Puts a table that is ready to be attached in this partition's place, whose rows are gone with
   * it.
   */
  void replaceBy(Statement statement, String table) throws SQLException {
    statement.execute("ALTER TABLE availability_score DETACH PARTITION " + table());
    statement.execute("DROP TABLE " + table());
    statement.execute("ALTER TABLE %s RENAME TO %s".formatted(table, table()));
    statement.execute(
        "ALTER TABLE %1$s RENAME CONSTRAINT %2$s_pkey TO %1$s_pkey".formatted(table(), table));
    statement.execute(
        """
        ALTER TABLE %s ALTER COLUMN model_version_id DROP DEFAULT,
          ALTER COLUMN origin DROP DEFAULT"""
            .formatted(table()));
    attach(statement);
  }
}
