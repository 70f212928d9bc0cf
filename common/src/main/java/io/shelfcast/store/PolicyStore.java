package io.shelfcast.store;

import io.shelfcast.policy.PolicyCoverage;
import io.shelfcast.policy.PolicyJson;
import io.shelfcast.policy.ThresholdPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The threshold policies that were published. The one of the greatest number is in force. */
public final class PolicyStore {

  /** One publishes at a time, so that numbers follow one another without a gap. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('shelfcast.threshold_policy', 0))";

  private static final String LATEST_VERSION =
      "SELECT coalesce(max(version), 0) FROM threshold_policy";

  private static final String INSERT =
      "INSERT INTO threshold_policy (version, rules, author, reason, rollback_to, flips)"
          + " VALUES (?, ?::jsonb, ?, ?, ?, ?)";

  private static final String LIST =
      "SELECT version, published_at, author, reason, jsonb_array_length(rules), rollback_to, flips"
          + " FROM threshold_policy ORDER BY version DESC";

  private static final String FIND =
      "SELECT version, rules FROM threshold_policy WHERE version = ?";

  private static final String IN_FORCE =
      "SELECT version, rules FROM threshold_policy ORDER BY version DESC LIMIT 1";

  /** By the database's clock, as the times in the table are. */
  private static final String IN_FORCE_SINCE =
      """
      SELECT version FROM threshold_policy
      WHERE version >= coalesce(
        (SELECT max(version) FROM threshold_policy
         WHERE published_at <= now() - make_interval(secs => ?)), 0)
      ORDER BY version""";

  private final Database database;

  public PolicyStore(Database database) {
    this.database = database;
  }

  /**
   * Publishes a policy, which is in force from then on.
   *
   * @return the policy, with its number
   * @throws io.shelfcast.policy.InvalidPolicyException when its rules cannot stand together, or
   *     leave items of a model version that is served without thresholds
   * @throws IllegalStateException when another policy is in force than the one that it was to
   *     replace
   */
  public ThresholdPolicy publish(Publication publication) {
    // Once: a connection that breaks in the commit leaves open whether there is a new policy, and
    // a second try would make another one.
    return database.inTransactionOnce(
        connection -> {
          try (Statement lock = connection.createStatement()) {
            lock.execute(LOCK);
          }
          // A promotion has to wait, or the version that it serves may be one without thresholds.
          ModelRegistry.lock(connection);
          int latest = latestVersion(connection);
          if (latest != publication.replaces()) {
            throw new IllegalStateException(
                ("policy %d was published meanwhile, so what was counted against policy %d does not"
                        + " hold; nothing was published, do it again")
                    .formatted(latest, publication.replaces()));
          }
          ThresholdPolicy policy = new ThresholdPolicy(latest + 1, publication.rules());
          PolicyCoverage.check(policy.rules(), ModelRegistry.list(connection));
          insert(connection, policy, publication);
          return policy;
        });
  }

  private static void insert(Connection connection, ThresholdPolicy policy, Publication publication)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setInt(1, policy.version());
      insert.setString(2, PolicyJson.write(policy.rules()));
      insert.setString(3, publication.author());
      insert.setString(4, publication.reason());
      insert.setObject(5, publication.rollbackTo(), Types.INTEGER);
      insert.setObject(6, publication.flips(), Types.DOUBLE);
      insert.executeUpdate();
    }
  }

  /** All that were published, the newest first. */
  public List<PolicyLine> list() {
    return database.inTransaction(
        connection -> {
          List<PolicyLine> lines = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(LIST);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              lines.add(
                  new PolicyLine(
                      rows.getInt(1),
                      rows.getObject(2, OffsetDateTime.class).toInstant(),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getInt(5),
                      lines.isEmpty(),
                      rows.getObject(6, Integer.class),
                      rows.getObject(7, Double.class)));
            }
          }
          return lines;
        });
  }

  /**
   * The numbers of all policies that were in force at some time of the last while, ascending: the
   * last one is in force now. The built-in one, 0, is always among them.
   */
  public List<Integer> versionsInForceFor(Duration lastWhile) {
    return database.inTransaction(
        connection -> {
          List<Integer> versions = new ArrayList<>();
          versions.add(ThresholdPolicy.BUILT_IN.version());
          try (PreparedStatement select = connection.prepareStatement(IN_FORCE_SINCE)) {
            select.setDouble(1, lastWhile.toMillis() / 1000.0);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                versions.add(rows.getInt(1));
              }
            }
          }
          return versions;
        });
  }

  /** The policy in force; {@link ThresholdPolicy#BUILT_IN} while none was published. */
  public ThresholdPolicy inForce() {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(IN_FORCE)) {
            return policy(select).orElse(ThresholdPolicy.BUILT_IN);
          }
        });
  }

  /** The policy of a number, if there is one; 0 is the built-in one. */
  public Optional<ThresholdPolicy> find(int version) {
    if (version == ThresholdPolicy.BUILT_IN.version()) {
      return Optional.of(ThresholdPolicy.BUILT_IN);
    }
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setInt(1, version);
            return policy(select);
          }
        });
  }

  private static int latestVersion(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(LATEST_VERSION)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static Optional<ThresholdPolicy> policy(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(new ThresholdPolicy(row.getInt(1), PolicyJson.read(row.getString(2))))
          : Optional.empty();
    }
  }
}
