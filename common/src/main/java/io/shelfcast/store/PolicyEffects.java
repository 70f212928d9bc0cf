package io.shelfcast.store;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.EffectCount;
import io.shelfcast.policy.PolicyComparison;
import io.shelfcast.policy.PolicyEffect;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.policy.ThresholdPolicy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a policy would make of the scores that there are, from one pass over them. Nothing of an
 * item leaves the database: it counts items by what the policies can tell of them, and {@link
 * EffectCount} knows what that means to them, so no rule is written down a second time in SQL.
 */
public final class PolicyEffects {

  /**
   * The one pass. What rules can tell of stores and of products comes as arrays, not as temporary
   * tables, which would keep PostgreSQL from using several processes. So does what is fetched bit
   * by bit, and therefore the answer, a row for each combination and cut, comes at once.
   *
   * <p>A combination's number is that of its version and stores, plus that of its products; what is
   * in no array is of kind 0. The cuts are compared in 32 bits, as scores are kept.
   */
  private static final String COUNT =
      """
      SELECT c.combination, width_bucket(s.score, c.cuts), count(*)
      FROM availability_score s
        JOIN unnest(?::smallint[], ?::integer[]) AS v (id, combination)
          ON v.id = s.model_version_id
        LEFT JOIN unnest(?::bigint[], ?::integer[]) AS t (id, combination) ON t.id = s.store_id
        LEFT JOIN (
          SELECT p.product_id, k.kind
          FROM product_segment p
            JOIN unnest(?::text[], ?::text[], ?::integer[]) AS k (category, tier, kind)
              ON k.category = CASE WHEN p.category = ANY (?) THEN p.category ELSE '' END
              AND k.tier = CASE WHEN p.popularity_tier = ANY (?) THEN p.popularity_tier ELSE '' END
        ) p ON p.product_id = s.product_id
        JOIN (
          SELECT combination, array_agg(cut ORDER BY cut) AS cuts
          FROM unnest(?::integer[], ?::real[]) AS u (combination, cut)
          GROUP BY combination
        ) c ON c.combination = v.combination + coalesce(t.combination, 0) + coalesce(p.kind, 0)
      WHERE s.model_version_id = ANY (?)
      GROUP BY c.combination, width_bucket(s.score, c.cuts)""";

  /** What no rule names is one kind; so there are at most as many rows as rules name pairs. */
  private static final String PRODUCT_KINDS =
      """
      SELECT DISTINCT CASE WHEN category = ANY (?) THEN category ELSE '' END,
        CASE WHEN popularity_tier = ANY (?) THEN popularity_tier ELSE '' END
      FROM product_segment
      WHERE category = ANY (?) OR popularity_tier = ANY (?)""";

  /**
   * With the default of 4 MB a join with ten million products would write the scores to disk. Of
   * this each of a few processes may take twice as much for each of the three joins.
   */
  private static final String WORK_MEM = "SET LOCAL work_mem = '96MB'";

  private static final int FETCH_ROWS = 10_000;

  private final Database database;

  public PolicyEffects(Database database) {
    this.database = database;
  }

  /**
   * What becomes of the decisions on the scores of all model versions that are not retired, when
   * one policy comes after another. Neither readers nor writers are held up; a snapshot is swapped
   * in when this has ended, or its patience has.
   *
   * @param timeout for each statement, of which only one takes long
   * @throws IllegalStateException when it takes longer, or when the policies tell too many kinds of
   *     items apart
   */
  public PolicyEffect between(ThresholdPolicy now, ThresholdPolicy after, Duration timeout) {
    return database.onOwnConnection(
        connection -> {
          try (Statement settings = connection.createStatement()) {
            settings.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            settings.execute(WORK_MEM);
          }
          // Each statement sees what is there when it begins: a partition that was swapped in since
          // the first would be empty to a later one that looked back.
          try {
            return new Pass(connection, now, after).effect();
          } catch (SQLException e) {
            if ("57014".equals(e.getSQLState())) {
              // Not to be tried again, as other statements are.
              throw new IllegalStateException(
                  ("counting what would change took longer than %s; write a longer"
                          + " --effectTimeout, or publish uncounted, with --force"
                          + " --effectTimeout=PT0S")
                      .formatted(timeout),
                  e);
            }
            throw e;
          }
        });
  }

  /** One comparison. */
  private static final class Pass {
    private final Connection connection;
    private final PolicyComparison comparison;
    private final String[] categories;
    private final String[] tiers;

    /** Of stores and products of another kind than 0. */
    private final Map<Long, Integer> storeKinds = new HashMap<>();

    private final List<ProductKind> productKinds = new ArrayList<>();

    private record ProductKind(String category, String tier, int kind) {}

    Pass(Connection connection, ThresholdPolicy now, ThresholdPolicy after) {
      this.connection = connection;
      this.comparison = new PolicyComparison(now, after);
      this.categories = comparison.named(SegmentAttribute.CATEGORY).toArray(String[]::new);
      this.tiers = comparison.named(SegmentAttribute.POPULARITY_TIER).toArray(String[]::new);
    }

    PolicyEffect effect() throws SQLException {
      List<ModelVersion> versions =
          ModelRegistry.list(connection).stream()
              .filter(version -> version.status() != ModelStatus.RETIRED)
              .toList();
      for (long id : comparison.storeIds()) {
        addStore(id, StoreAttributes.UNKNOWN);
      }
      if (comparison.usesStores()) {
        readStores();
      }
      if (comparison.usesProducts()) {
        readProducts();
      }
      EffectCount count = comparison.count(versions);
      count(count, versions);
      return count.effect();
    }

    private void addStore(long id, StoreAttributes attributes) {
      int kind = comparison.storeKind(id, attributes);
      if (kind == 0) {
        storeKinds.remove(id);
      } else {
        storeKinds.put(id, kind);
      }
    }

    private void readStores() throws SQLException {
      SegmentKind<StoreAttributes> stores = SegmentKind.STORES;
      try (Statement select = connection.createStatement()) {
        select.setFetchSize(FETCH_ROWS);
        try (ResultSet rows =
            select.executeQuery("SELECT " + stores.list() + " FROM " + stores.table())) {
          while (rows.next()) {
            addStore(rows.getLong(1), stores.fromRow().of(rows));
          }
        }
      }
    }

    private void readProducts() throws SQLException {
      try (PreparedStatement select = connection.prepareStatement(PRODUCT_KINDS)) {
        select.setArray(1, texts(categories));
        select.setArray(2, texts(tiers));
        select.setArray(3, texts(categories));
        select.setArray(4, texts(tiers));
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            String category = rows.getString(1);
            String tier = rows.getString(2);
            int kind =
                comparison.productKind(
                    new ProductAttributes(
                        category.isEmpty() ? null : category, tier.isEmpty() ? null : tier));
            if (kind != 0) {
              productKinds.add(new ProductKind(category, tier, kind));
            }
          }
        }
      }
    }

    private void count(EffectCount count, List<ModelVersion> versions) throws SQLException {
      List<Integer> first = new ArrayList<>();
      for (int i = 0; i < versions.size(); i++) {
        first.add(i * count.combinationsOfVersion());
      }
      Array ids = array("int2", versions.stream().map(ModelVersion::id).toList());
      List<Integer> combinations = new ArrayList<>();
      List<Float> cuts = new ArrayList<>();
      for (int i = 0; i < count.combinations(); i++) {
        for (Float cut : count.cuts(i)) {
          combinations.add(i);
          cuts.add(cut);
        }
      }
      List<Long> stores = List.copyOf(storeKinds.keySet());
      try (PreparedStatement select = connection.prepareStatement(COUNT)) {
        select.setArray(1, ids);
        select.setArray(2, array("int4", first));
        select.setArray(3, array("int8", stores));
        select.setArray(
            4,
            array(
                "int4",
                stores.stream()
                    .map(id -> storeKinds.getOrDefault(id, 0) * count.productKinds())
                    .toList()));
        select.setArray(
            5, array("text", productKinds.stream().map(ProductKind::category).toList()));
        select.setArray(6, array("text", productKinds.stream().map(ProductKind::tier).toList()));
        select.setArray(7, array("int4", productKinds.stream().map(ProductKind::kind).toList()));
        select.setArray(8, texts(categories));
        select.setArray(9, texts(tiers));
        select.setArray(10, array("int4", combinations));
        select.setArray(11, array("float4", cuts));
        select.setArray(12, ids);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            count.add(rows.getInt(1), rows.getInt(2), rows.getLong(3));
          }
        }
      }
    }

    private Array texts(String[] values) throws SQLException {
      return connection.createArrayOf("text", values);
    }

    private Array array(String type, List<?> values) throws SQLException {
      return connection.createArrayOf(type, values.toArray());
    }
  }
}
