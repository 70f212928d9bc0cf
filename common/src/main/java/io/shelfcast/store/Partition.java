package io.shelfcast.store;

import java.sql.Connection;
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
  private static final String STORAGE = "fillfactor = 50";

  static Partition of(short modelVersionId) {
    return new Partition(modelVersionId);
  }

  String table() {
    return "availability_score_" + modelVersionId;
  }

  /**
   * Made aside and then attached: attaching keeps out other changes of the schema, but neither
   * readers nor writers of the table. The CHECK spares it the scan of what it attaches.
   */
  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '10s'");
      statement.execute(
          """
          CREATE TABLE %1$s (
            LIKE availability_score INCLUDING ALL,
            CONSTRAINT model_version CHECK (model_version_id = %2$d)
          ) WITH (%3$s)"""
              .formatted(table(), modelVersionId, STORAGE));
      statement.execute(
          "ALTER TABLE availability_score ATTACH PARTITION %s FOR VALUES IN (%d)"
              .formatted(table(), modelVersionId));
      statement.execute("ALTER TABLE %s DROP CONSTRAINT model_version".formatted(table()));
    }
  }
}
