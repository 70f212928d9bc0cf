package io.shelfcast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to when a source has been read, for sources that can be read in parts.
 *
 * <p>A run enters what time it reads when it starts. Its watermark is set by the statement that
 * makes it succeeded, and so with all that it wrote: a run that fails leaves the watermark where it
 * was, and the next one reads the same time again.
 */
public final class Watermarks {

  /** The runs of the same source that succeeded. */
  private static final String OTHERS =
      "(SELECT max(o.watermark) FROM sync_run o WHERE o.source = sync_run.source"
          + " AND o.model_version IS NOT DISTINCT FROM sync_run.model_version)";

  /**
   * For the statement that ends a run well. A time that begins less than the overlap before the
   * watermark may have a gap before it, of rows that were committed late; and one that ends before
   * the watermark was read again: both leave it where it is.
   */
  static final String SET =
      " watermark = CASE WHEN window_from IS NULL OR window_from + window_overlap <= "
          + OTHERS
          + " THEN greatest(window_to, "
          + OTHERS
          + ") ELSE "
          + OTHERS
          + " END,";

  private static final String ENTER =
      "UPDATE sync_run SET window_from = ?, window_to = ?, window_overlap = ? * interval '1 second',"
          + " window_note = ? WHERE run_id = ?";

  private static final String LAST =
      "SELECT max(watermark) FROM sync_run WHERE source = ? AND model_version IS NOT DISTINCT FROM ?";

  private static final String FORGET =
      "UPDATE sync_run SET watermark = NULL WHERE watermark IS NOT NULL"
          + " AND (model_version IS NULL OR model_version = ?)";

  private final Database database;

  public Watermarks(Database database) {
    this.database = database;
  }

  /**
   * Up to when a source has been read, in full.
   *
   * @param modelVersion the one that the runs were given for rows that name none; null: none
   */
  public Optional<Instant> last(String source, @Nullable String modelVersion) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LAST)) {
            select.setString(1, source);
            select.setString(2, modelVersion);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant);
            }
          }
        });
  }

  /**
   * Enters what time a run reads.
   *
   * @param from null: all that there is
   * @param overlap how far before a watermark a time has to begin so that nothing is left out
   * @param note why that, if it was asked for less
   */
  public void enter(
      String runId, @Nullable Instant from, Instant to, Duration overlap, @Nullable String note) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(ENTER)) {
            update.setObject(1, from == null ? null : from.atOffset(ZoneOffset.UTC));
            update.setObject(2, to.atOffset(ZoneOffset.UTC));
            update.setDouble(3, overlap.toMillis() / 1000.0);
            update.setString(4, note);
            update.setString(5, runId);
            return update.executeUpdate();
          }
        });
  }

  /**
   * Lets sources that a model version's rows may have come from be read from the start again, since
   * its scores are gone.
   */
  static void forget(Connection connection, String modelVersion) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FORGET)) {
      update.setString(1, modelVersion);
      update.executeUpdate();
    }
  }
}
