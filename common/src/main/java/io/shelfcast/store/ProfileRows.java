package io.shelfcast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the profile that the ledger has of a run apart; PostgreSQL reads the JSON. */
final class ProfileRows {

  private static final String MODELS =
      """
      SELECT m.key, (m.value->>'rows')::bigint, (m.value->>'rejected')::bigint,
        (m.value->>'stores')::bigint, (m.value->>'items')::bigint,
        (m.value->>'mean')::float8, (m.value->>'min')::float8, (m.value->>'max')::float8,
        (m.value->>'share_of_zeros')::float8, (m.value->>'share_of_ones')::float8,
        m.value->>'oldest_scored_at', m.value->>'newest_scored_at',
        ARRAY (
          SELECT bar.n::bigint FROM jsonb_array_elements_text(m.value->'histogram')
            WITH ORDINALITY AS bar (n, i) ORDER BY bar.i)
      FROM sync_run r, jsonb_each(r.profile->'model_versions') m WHERE r.run_id = ?
      ORDER BY m.key""";

  private static final String REASONS =
      """
      SELECT m.key, e.key, e.value::bigint FROM sync_run r,
        jsonb_each(r.profile->'model_versions') m,
        jsonb_each_text(m.value->'rejected_by_reason') e
      WHERE r.run_id = ? ORDER BY m.key, e.value::bigint DESC, e.key""";

  private static final String EXAMPLES =
      """
      SELECT e.key, x.example FROM sync_run r,
        jsonb_each(r.profile->'rejected_examples') e,
        jsonb_array_elements_text(e.value) WITH ORDINALITY AS x (example, i)
      WHERE r.run_id = ? ORDER BY e.key, x.i""";

  private ProfileRows() {}

  static List<ProfiledModel> models(Connection connection, String runId) throws SQLException {
    Map<String, Map<String, Long>> reasons = reasons(connection, runId);
    try (PreparedStatement select = connection.prepareStatement(MODELS)) {
      select.setString(1, runId);
      try (ResultSet row = select.executeQuery()) {
        List<ProfiledModel> found = new ArrayList<>();
        while (row.next()) {
          String name = row.getString(1);
          found.add(
              new ProfiledModel(
                  name,
                  row.getLong(2),
                  row.getLong(3),
                  reasons.getOrDefault(name, Map.of()),
                  row.getLong(4),
                  row.getLong(5),
                  scores(row)));
        }
        return found;
      }
    }
  }

  private static ProfiledModel.@Nullable Scores scores(ResultSet row) throws SQLException {
    if (row.getString(11) == null) {
      return null;
    }
    return new ProfiledModel.Scores(
        row.getDouble(6),
        row.getDouble(7),
        row.getDouble(8),
        row.getDouble(9),
        row.getDouble(10),
        Instant.parse(row.getString(11)),
        Instant.parse(row.getString(12)),
        List.of((Long[]) row.getArray(13).getArray()));
  }

  private static Map<String, Map<String, Long>> reasons(Connection connection, String runId)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(REASONS)) {
      select.setString(1, runId);
      try (ResultSet row = select.executeQuery()) {
        Map<String, Map<String, Long>> found = new LinkedHashMap<>();
        while (row.next()) {
          found
              .computeIfAbsent(row.getString(1), name -> new LinkedHashMap<>())
              .put(row.getString(2), row.getLong(3));
        }
        return found;
      }
    }
  }

  static Map<String, List<String>> examples(Connection connection, String runId)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(EXAMPLES)) {
      select.setString(1, runId);
      try (ResultSet row = select.executeQuery()) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        while (row.next()) {
          found
              .computeIfAbsent(row.getString(1), reason -> new ArrayList<>())
              .add(row.getString(2));
        }
        return found;
      }
    }
  }
}
