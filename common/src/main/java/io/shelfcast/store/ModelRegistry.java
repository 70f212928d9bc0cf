package io.shelfcast.store;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The model versions, their status, and the partition that each one's scores stand in. */
public final class ModelRegistry {

  private static final String SELECT = "SELECT model_version_id, name, status FROM model_version ";
  private static final String FIND = SELECT + "WHERE name = ?";
  private static final String LIVE = SELECT + "WHERE status = 'live'";
  private static final String LIST = SELECT + "ORDER BY model_version_id";

  /** One change of the registry at a time; readers are not held up. Let go by commit. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('shelfcast.model_version', 0))";

  private static final String INSERT =
      "INSERT INTO model_version (model_version_id, name, status)"
          + " SELECT coalesce(max(model_version_id), 0) + 1, ?, ? FROM model_version"
          + " RETURNING model_version_id, name, status";

  private static final String SET_STATUS =
      "UPDATE model_version SET status = ?, status_changed_at = now(), drop_after = NULL"
          + " WHERE name = ?"
          + " RETURNING model_version_id, name, status";

  /** What was dropped already is not to be dropped once more. */
  private static final String RETIRE =
      "UPDATE model_version SET status = 'retired', status_changed_at = now(), drop_after ="
          + " CASE WHEN to_regclass(?) IS NOT NULL THEN now() + make_interval(secs => ?) END"
          + " WHERE name = ? RETURNING drop_after";

  private static final String DEMOTE_LIVE =
      "UPDATE model_version SET status = 'candidate', status_changed_at = now()"
          + " WHERE status = 'live'";

  /** Up to here the planner's guess may be far off, and counting costs nothing. */
  private static final long COUNTED = 100_000;

  private static final Pattern PLAN_ROWS = Pattern.compile("rows=(\\d+)");

  private final Database database;

  public ModelRegistry(Database database) {
    this.database = database;
  }

  /** The model version of that name, if it is registered. */
  public Optional<ModelVersion> find(String name) {
    return database.inTransaction(connection -> find(connection, name));
  }

  /**
   * The model version of that name.
   *
   * @throws IllegalStateException when it is not registered
   */
  public ModelVersion get(String name) {
    return database.inTransaction(connection -> get(connection, name));
  }

  /** The model version that is live, if one is. */
  public Optional<ModelVersion> live() {
    return database.inTransaction(ModelRegistry::live);
  }

  /** All model versions, in the order in which they were registered. */
  public List<ModelVersion> list() {
    return database.inTransaction(ModelRegistry::list);
  }

  static List<ModelVersion> list(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIST);
        ResultSet rows = select.executeQuery()) {
      List<ModelVersion> found = new ArrayList<>();
      while (rows.next()) {
        found.add(modelVersion(rows));
      }
      return found;
    }
  }

  /**
   * The model version of that name, registered as {@code shadow} if it is not registered yet.
   * Several may do this at once; a retired version stays retired.
   */
  public ModelVersion findOrRegister(String name) {
    // Almost always it is there, and then nobody takes the lock.
    return find(name)
        .orElseGet(
            () ->
                database.inTransaction(
                    connection -> {
                      lock(connection);
                      Optional<ModelVersion> found = find(connection, name);
                      return found.isPresent()
                          ? found.get()
                          : insert(connection, name, ModelStatus.SHADOW);
                    }));
  }

  /**
   * Registers a model version, makes a shadow a candidate, or brings back a retired one, with its
   * scores if they are there.
   *
   * @param status {@code shadow} or {@code candidate}; {@code live} is for {@link #promote}
   * @throws IllegalStateException when it is registered otherwise. A candidate is not made a shadow
   *     so lightly, as its users would notice: {@link #retire} it first.
   */
  public ModelVersion register(String name, ModelStatus status) {
    return database.inTransaction(
        connection -> {
          lock(connection);
          Optional<ModelVersion> found = find(connection, name);
          if (found.isEmpty()) {
            return insert(connection, name, status);
          }
          boolean isRaised =
              found.get().status() == ModelStatus.SHADOW && status == ModelStatus.CANDIDATE;
          if (found.get().status() != ModelStatus.RETIRED && !isRaised) {
            throw new IllegalStateException(
                "model version '%s' is registered already, as %s"
                    .formatted(name, found.get().status().word()));
          }
          Partition partition = Partition.of(found.get().id());
          if (!partition.exists(connection)) {
            partition.create(connection);
          }
          return setStatus(connection, name, status);
        });
  }

  /**
   * Makes the version live, and the one that was live a candidate, so that it goes on being
   * refreshed and can be put back the same way. Both in one transaction.
   *
   * @throws IllegalStateException when the version is not registered, or retired
   */
  public ModelVersion promote(String name) {
    return database.inTransaction(
        connection -> {
          lock(connection);
          return promote(connection, name);
        });
  }

  /** The same, in a transaction that has the lock. */
  static ModelVersion promote(Connection connection, String name) throws SQLException {
    ModelVersion version = get(connection, name);
    checkPromotable(version);
    if (version.status() == ModelStatus.LIVE) {
      return version;
    }
    try (Statement demote = connection.createStatement()) {
      demote.executeUpdate(DEMOTE_LIVE);
    }
    return setStatus(connection, name, ModelStatus.LIVE);
  }

  static void checkPromotable(ModelVersion version) {
    if (version.status() == ModelStatus.RETIRED) {
      throw new IllegalStateException(
          "model version '%s' is retired; register it again first".formatted(version.name()));
    }
  }

  /**
   * Takes a version out of service: its rows are rejected from now on. Its scores stay for a while,
   * during which {@link #register} brings all back; then {@link RetiredPartitions} drops them. Of a
   * version that is retired, the while starts anew.
   *
   * @param grace how long they stay at least
   * @return from when they may be dropped; nothing if they are
   * @throws IllegalStateException when it is not registered, or live
   */
  public Optional<Instant> retire(String name, Duration grace) {
    return database.inTransaction(
        connection -> {
          lock(connection);
          ModelVersion version = get(connection, name);
          if (version.status() == ModelStatus.LIVE) {
            throw new IllegalStateException(
                "model version '%s' is live; promote another one first".formatted(name));
          }
          try (PreparedStatement update = connection.prepareStatement(RETIRE)) {
            update.setString(1, Partition.of(version.id()).table());
            update.setDouble(2, grace.toMillis() / 1000.0);
            update.setString(3, name);
            try (ResultSet row = update.executeQuery()) {
              row.next();
              return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant);
            }
          }
        });
  }

  /** How many scores the model version has; about how many, as the planner thinks, if many. */
  public long aboutHowManyScores(String name) {
    return database.inTransaction(
        connection -> {
          Optional<ModelVersion> version = find(connection, name);
          if (version.isEmpty() || !Partition.of(version.get().id()).exists(connection)) {
            return 0L;
          }
          String table = Partition.of(version.get().id()).table();
          try (Statement statement = connection.createStatement()) {
            try (ResultSet counted =
                statement.executeQuery(
                    "SELECT count(*) FROM (SELECT FROM %s LIMIT %d) s".formatted(table, COUNTED))) {
              counted.next();
              if (counted.getLong(1) < COUNTED) {
                return counted.getLong(1);
              }
            }
            try (ResultSet plan = statement.executeQuery("EXPLAIN SELECT FROM " + table)) {
              plan.next();
              Matcher rows = PLAN_ROWS.matcher(plan.getString(1));
              return rows.find() ? Math.max(COUNTED, Long.parseLong(rows.group(1))) : COUNTED;
            }
          }
        });
  }

  static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(LOCK);
    }
  }

  private static Optional<ModelVersion> find(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setString(1, name);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Optional.of(modelVersion(rows)) : Optional.empty();
      }
    }
  }

  static Optional<ModelVersion> live(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIVE);
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? Optional.of(modelVersion(rows)) : Optional.empty();
    }
  }

  static ModelVersion get(Connection connection, String name) throws SQLException {
    return find(connection, name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "model version '%s' is not registered; see ./shelfcast models list"
                        .formatted(name)));
  }

  private static ModelVersion insert(Connection connection, String name, ModelStatus status)
      throws SQLException {
    ModelVersion version = returning(connection, INSERT, name, status.word());
    Partition.of(version.id()).create(connection);
    return version;
  }

  private static ModelVersion setStatus(Connection connection, String name, ModelStatus status)
      throws SQLException {
    return returning(connection, SET_STATUS, status.word(), name);
  }

  private static ModelVersion returning(
      Connection connection, String sql, String first, String second) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, first);
      statement.setString(2, second);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return modelVersion(rows);
      }
    }
  }

  private static ModelVersion modelVersion(ResultSet row) throws SQLException {
    return new ModelVersion(
        row.getShort(1), row.getString(2), ModelStatus.ofWord(row.getString(3)));
  }
}
