package io.shelfcast.store;

import io.shelfcast.comparison.ComparedItems;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What servers found by comparing the live version's answers with another version's, by hour. */
public final class ShadowComparisons {

  /** For how long they are kept. */
  public static final Duration KEPT = Duration.ofDays(90);

  /**
   * In one statement, and in the order of the key: servers that add to the same rows at the same
   * time wait for one another, and never for each other.
   */
  private static final String ADD =
      """
      INSERT INTO shadow_comparison AS held
        (hour, live_id, candidate_id, policy_version, segment, decisions, differences)
      SELECT date_trunc('hour', now(), 'UTC'), live_id, candidate_id, policy_version, segment,
        decisions::bigint[], differences::bigint[]
      FROM unnest(?::smallint[], ?::smallint[], ?::integer[], ?::text[], ?::text[], ?::text[])
        AS added (live_id, candidate_id, policy_version, segment, decisions, differences)
      ORDER BY live_id, candidate_id, policy_version, segment
      ON CONFLICT (live_id, candidate_id, hour, policy_version, segment) DO UPDATE SET
        decisions = (
          SELECT array_agg(n.held + n.added ORDER BY n.i)
          FROM unnest(held.decisions, excluded.decisions) WITH ORDINALITY n (held, added, i)),
        differences = (
          SELECT array_agg(n.held + n.added ORDER BY n.i)
          FROM unnest(held.differences, excluded.differences) WITH ORDINALITY n (held, added, i))""";

  private static final String SINCE =
      """
      SELECT policy_version, segment, decisions, differences FROM shadow_comparison
      WHERE live_id = ? AND candidate_id = ? AND hour >= ?
      ORDER BY policy_version, segment""";

  private static final String DELETE =
      "DELETE FROM shadow_comparison WHERE hour < now() - make_interval(secs => ?)";

  /** A row is some 500 bytes, and there may be some hundred thousand. */
  private static final int FETCHED = 1_000;

  private final Database database;

  public ShadowComparisons(Database database) {
    this.database = database;
  }

  /**
   * Adds counts to those of this hour, all or none. What others add meanwhile is added up.
   *
   * @param counts of each live version, candidate, policy and segment one at the most
   * @throws DatabaseException when that does not work
   */
  public void add(Collection<ShadowCount> counts) {
    database.inTransactionOnce(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            List<Short> live = new ArrayList<>();
            List<Short> candidates = new ArrayList<>();
            List<Integer> policies = new ArrayList<>();
            List<String> segments = new ArrayList<>();
            List<String> decisions = new ArrayList<>();
            List<String> differences = new ArrayList<>();
            for (ShadowCount count : counts) {
              live.add(count.liveId());
              candidates.add(count.candidateId());
              policies.add(count.policyVersion());
              segments.add(count.segment());
              decisions.add(text(count.items().decisions()));
              differences.add(text(count.items().differences()));
            }
            set(insert, 1, "int2", live);
            set(insert, 2, "int2", candidates);
            set(insert, 3, "int4", policies);
            set(insert, 4, "text", segments);
            set(insert, 5, "text", decisions);
            set(insert, 6, "text", differences);
            return insert.executeUpdate();
          }
        });
  }

  /**
   * What has been compared of these two versions, by policy and segment.
   *
   * @param since the hour that this is in is the first
   */
  public List<ShadowCount> since(short liveId, short candidateId, Instant since) {
    return database.inTransaction(
        connection -> {
          Map<List<Object>, ShadowCount> sums = new LinkedHashMap<>();
          try (PreparedStatement select = connection.prepareStatement(SINCE)) {
            select.setFetchSize(FETCHED);
            select.setShort(1, liveId);
            select.setShort(2, candidateId);
            select.setObject(3, hour(since).atOffset(ZoneOffset.UTC));
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                int policy = rows.getInt(1);
                String segment = rows.getString(2);
                sums.computeIfAbsent(
                        List.of(policy, segment),
                        none ->
                            new ShadowCount(
                                liveId, candidateId, policy, segment, new ComparedItems()))
                    .items()
                    .add(ComparedItems.of(counts(rows, 3), counts(rows, 4)));
              }
            }
          }
          return List.copyOf(sums.values());
        });
  }

  /** The beginning of the hour that the time is in. */
  public static Instant hour(Instant time) {
    return time.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS).toInstant();
  }

  /**
   * Deletes what is older.
   *
   * @return how many rows
   */
  public int deleteOlderThan(Duration age) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setDouble(1, age.toMillis() / 1000.0);
            return delete.executeUpdate();
          }
        });
  }

  private static void set(PreparedStatement insert, int index, String type, List<?> values)
      throws SQLException {
    Connection connection = insert.getConnection();
    insert.setArray(index, connection.createArrayOf(type, values.toArray()));
  }

  /** An array of arrays would be one of two dimensions, which is taken apart to the numbers. */
  private static String text(List<Long> counts) {
    return counts.toString().replace('[', '{').replace(']', '}');
  }

  private static List<Long> counts(ResultSet row, int column) throws SQLException {
    return List.of((Long[]) row.getArray(column).getArray());
  }
}
