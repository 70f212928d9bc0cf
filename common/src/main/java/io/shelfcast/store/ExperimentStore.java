package io.shelfcast.store;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.experiment.Allocation;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The experiment on live traffic: which users get a candidate in place of the live model version.
 *
 * <p>A share is in force as long as its model version is a candidate. Promote it, and its users get
 * it as everybody does; put the former one back, and they get it as before. Retire it, or make it a
 * shadow, and they get the live version, until it is a candidate again. The next {@link #set} lets
 * go of such shares for good.
 */
public final class ExperimentStore {

  /** In one statement, so that a promotion meanwhile is seen wholly or not at all. */
  private static final String FIND =
      """
      SELECT e.salt,
        ARRAY (
          SELECT coalesce(m.model_version_id, 0::smallint) FROM unnest(e.buckets) WITH ORDINALITY b (id, i)
            LEFT JOIN model_version m ON m.model_version_id = b.id AND m.status = 'candidate'
            ORDER BY b.i),
        ARRAY (
          SELECT s.key FROM jsonb_each(e.segments) s,
            jsonb_array_elements_text(s.value) v (allowed) ORDER BY s.key, v.allowed),
        ARRAY (
          SELECT v.allowed FROM jsonb_each(e.segments) s,
            jsonb_array_elements_text(s.value) v (allowed) ORDER BY s.key, v.allowed)
      FROM experiment e WHERE e.flag = ?""";

  private static final String SAVE =
      """
      INSERT INTO experiment (flag, salt, buckets, segments)
      SELECT ?, ?, ?, coalesce(jsonb_object_agg(s.attribute, s.allowed), '{}') FROM (
        SELECT attribute, jsonb_agg(value ORDER BY value) AS allowed
        FROM unnest(?, ?) AS pair (attribute, value) GROUP BY attribute) s
      ON CONFLICT (flag) DO UPDATE SET salt = excluded.salt, buckets = excluded.buckets,
        segments = excluded.segments, changed_at = now()""";

  private static final String SHARES =
      "SELECT model_version, status, (allocated_percent * 10)::int, (served_percent * 10)::int"
          + " FROM experiment_share WHERE flag = ?"
          + " ORDER BY status = 'live' DESC, served_percent DESC, model_version";

  private final Database database;

  public ExperimentStore(Database database) {
    this.database = database;
  }

  /** The experiment as it is in force; nothing when there has never been one. */
  public Optional<Experiment> find() {
    return database.inTransaction(ExperimentStore::find);
  }

  /** As {@link #find()}, in the transaction of whoever reads more than that at once. */
  public static Optional<Experiment> find(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setString(1, Experiment.FLAG);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Experiment(
                row.getString(1),
                Allocation.of(List.of((Short[]) row.getArray(2).getArray())),
                segments(row.getArray(3), row.getArray(4))));
      }
    }
  }

  private static Map<String, Set<String>> segments(Array attributes, Array values)
      throws SQLException {
    String[] attribute = (String[]) attributes.getArray();
    String[] value = (String[]) values.getArray();
    Map<String, Set<String>> segments = new TreeMap<>();
    for (int i = 0; i < attribute.length; i++) {
      segments.computeIfAbsent(attribute[i], name -> new HashSet<>()).add(value[i]);
    }
    return segments;
  }

  /** Who gets how much, the live version first; empty when there has never been an experiment. */
  public List<ExperimentShare> shares() {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(SHARES)) {
            select.setString(1, Experiment.FLAG);
            try (ResultSet row = select.executeQuery()) {
              List<ExperimentShare> shares = new ArrayList<>();
              while (row.next()) {
                shares.add(
                    new ExperimentShare(
                        row.getString(1),
                        ModelStatus.ofWord(row.getString(2)),
                        new Percentage(row.getInt(3)),
                        new Percentage(row.getInt(4))));
              }
              return shares;
            }
          }
        });
  }

  /**
   * Makes this the whole experiment, moving as few users as that takes. All in one transaction.
   *
   * @param shares of each candidate, by name; one that is not named gets nothing
   * @param segments attributes and their allowed values; empty for all users
   * @param isDealtAnew whether to change the salt, so that all users are dealt anew
   * @throws IllegalArgumentException when the shares are more than 100 % in all
   * @throws IllegalStateException when one of them is not registered, or no candidate
   */
  public Experiment set(
      Map<String, Percentage> shares, Map<String, Set<String>> segments, boolean isDealtAnew) {
    String newSalt = UUID.randomUUID().toString();
    return database.inTransaction(
        connection -> {
          // Of the registry: a promotion or another change of the experiment has to wait.
          ModelRegistry.lock(connection);
          Map<Short, Percentage> byId = new TreeMap<>();
          for (Map.Entry<String, Percentage> share : shares.entrySet()) {
            byId.put(candidate(connection, share.getKey()), share.getValue());
          }
          Optional<Experiment> before = find(connection);
          Experiment changed =
              new Experiment(
                  isDealtAnew ? newSalt : before.map(Experiment::salt).orElse(newSalt),
                  before
                      .map(Experiment::allocation)
                      .orElse(Allocation.ALL_LIVE)
                      .withPercentages(byId),
                  segments);
          save(connection, changed);
          return changed;
        });
  }

  /** Gives all users the live version. The salt stays, so what is set later begins as before. */
  public void stop() {
    database.inTransaction(
        connection -> {
          ModelRegistry.lock(connection);
          Optional<Experiment> before = find(connection);
          if (before.isPresent()) {
            save(connection, new Experiment(before.get().salt(), Allocation.ALL_LIVE, Map.of()));
          }
          return before.isPresent();
        });
  }

  private static short candidate(Connection connection, String name) throws SQLException {
    ModelVersion version = ModelRegistry.get(connection, name);
    if (version.status() == ModelStatus.CANDIDATE) {
      return version.id();
    }
    throw new IllegalStateException(
        version.status() == ModelStatus.LIVE
            ? "model version '%s' is live: it gets all users that no candidate gets; leave it out"
                .formatted(name)
            : ("model version '%s' is %s, and an experiment is between candidates; make it one"
                    + " first: ./shelfcast models register %s --status=candidate")
                .formatted(name, version.status().word(), name));
  }

  private static void save(Connection connection, Experiment experiment) throws SQLException {
    List<String> attributes = new ArrayList<>();
    List<String> values = new ArrayList<>();
    experiment
        .segments()
        .forEach(
            (attribute, allowed) ->
                allowed.forEach(
                    value -> {
                      attributes.add(attribute);
                      values.add(value);
                    }));
    try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
      insert.setString(1, Experiment.FLAG);
      insert.setString(2, experiment.salt());
      insert.setArray(
          3, connection.createArrayOf("int2", experiment.allocation().candidates().toArray()));
      insert.setArray(4, connection.createArrayOf("text", attributes.toArray()));
      insert.setArray(5, connection.createArrayOf("text", values.toArray()));
      insert.executeUpdate();
    }
  }
}
