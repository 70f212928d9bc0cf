package io.shelfcast.store;

import io.shelfcast.policy.PolicyJson;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The threshold policies that were published. The one with the greatest number is in force. */
public final class PolicyStore {

  /** One publishes at a time, so that numbers follow one another without a gap. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('shelfcast.threshold_policy', 0))";

  private static final String LATEST_VERSION =
      "SELECT coalesce(max(version), 0) FROM threshold_policy";

  private static final String INSERT =
      "INSERT INTO threshold_policy (version, rules, author, reason) VALUES (?, ?::jsonb, ?, ?)";

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
   * Publishes rules as a new policy, which is in force from then on.
   *
   * @param author who publishes them; null: it is not said
   * @param reason why; null: it is not said
   * @return the policy, with its number
   * @throws io.shelfcast.policy.InvalidPolicyException when they cannot stand together
   */
  public ThresholdPolicy publish(
      List<ThresholdRule> rules, @Nullable String author, @Nullable String reason) {
    // Once: a connection that breaks in the commit leaves open whether there is a new policy, and
    // a second try would make another one.
    return database.inTransactionOnce(
        connection -> {
          try (Statement lock = connection.createStatement()) {
            lock.execute(LOCK);
          }
          ThresholdPolicy policy = new ThresholdPolicy(latestVersion(connection) + 1, rules);
          try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setInt(1, policy.version());
            insert.setString(2, PolicyJson.write(policy.rules()));
            insert.setString(3, author);
            insert.setString(4, reason);
            insert.executeUpdate();
          }
          return policy;
        });
  }

  /** The number of the policy in force; 0 while none was published. */
  public int latestVersion() {
    return database.inTransaction(PolicyStore::latestVersion);
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
