package io.shelfcast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The comparisons of model versions that are on record. */
public final class ModelComparisons {

  private static final String INSERT =
      "INSERT INTO model_comparison (kind, candidate, baseline, summary, result)"
          + " VALUES (?, ?, ?, ?, ?::jsonb)";

  private static final String LAST =
      "SELECT kind, compared_at, summary FROM model_comparison"
          + " WHERE candidate = ? AND baseline = ? ORDER BY id DESC LIMIT 1";

  private final Database database;

  public ModelComparisons(Database database) {
    this.database = database;
  }

  /**
   * Puts one on record.
   *
   * @param candidate the name of the version that may be promoted
   * @param baseline the name of the one that it was compared with
   * @param summary one or two lines for people
   * @param resultJson all of it, a JSON object
   */
  public void record(
      ComparisonKind kind, String candidate, String baseline, String summary, String resultJson) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, kind.word());
            insert.setString(2, candidate);
            insert.setString(3, baseline);
            insert.setString(4, summary);
            insert.setString(5, resultJson);
            return insert.executeUpdate();
          }
        });
  }

  /** The last one of these two, if there is one. */
  public Optional<ModelComparison> last(String candidate, String baseline) {
    return database.inTransaction(connection -> last(connection, candidate, baseline));
  }

  static Optional<ModelComparison> last(Connection connection, String candidate, String baseline)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LAST)) {
      select.setString(1, candidate);
      select.setString(2, baseline);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new ModelComparison(
                    ComparisonKind.ofWord(row.getString(1)),
                    candidate,
                    baseline,
                    row.getObject(2, OffsetDateTime.class).toInstant(),
                    row.getString(3)))
            : Optional.empty();
      }
    }
  }
}
