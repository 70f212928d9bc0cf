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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements of one comparison: which kinds of stores and products there are, then the count.
 */
final class EffectPass {

  /** The scores of a model version, with the number of its first combination. */
  private static final String SCORES =
      """
      SELECT ?::integer AS first, store_id, product_id, score
      FROM availability_score WHERE model_version_id = ? UNION ALL
      """;

  /**
   * The one pass, over the scores of each version. What rules can tell of stores and of products
   * comes as arrays, not as temporary tables, and the answer at once, not bit by bit: otherwise
   * PostgreSQL would not use several processes. For their sake there is the last part of the union
   * too, which is empty: behind a union the planner does not see how many different scores there
   * are, takes that for the number of groups, and hands all rows to one process to count.
   *
   * <p>A combination's number is that of its version, plus that of its stores, plus that of its
   * products; what is in no array is of kind 0. The cuts are compared in 32 bits, as scores are
   * kept.
   */
  private static final String COUNT =
      """
      SELECT c.combination * ?::bigint + width_bucket(s.score, c.cuts), count(*)
      FROM (
        %s
        SELECT 0 AS first, store_id, product_id, score FROM availability_score WHERE false
      ) s
        LEFT JOIN (
          SELECT id, max(combination) AS combination
          FROM unnest(?::bigint[], ?::integer[]) AS u (id, combination)
          GROUP BY id
        ) t ON t.id = s.store_id
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
        ) c ON c.combination = s.first + coalesce(t.combination, 0) + coalesce(p.kind, 0)
      GROUP BY 1""";

  /** What no rule names is one kind; so there are at most as many rows as rules name pairs. */
  private static final String PRODUCT_KINDS =
      """
      SELECT DISTINCT CASE WHEN category = ANY (?) THEN category ELSE '' END,
        CASE WHEN popularity_tier = ANY (?) THEN popularity_tier ELSE '' END
      FROM product_segment
      WHERE category = ANY (?) OR popularity_tier = ANY (?)""";

  private static final int FETCH_ROWS = 10_000;

  private final Connection connection;
  private final PolicyComparison comparison;
  private final String[] categories;
  private final String[] tiers;

  /** Of stores and products of another kind than 0. */
  private final Map<Long, Integer> storeKinds = new HashMap<>();

  private final List<ProductKind> productKinds = new ArrayList<>();

  private record ProductKind(String category, String tier, int kind) {}

  EffectPass(Connection connection, ThresholdPolicy now, ThresholdPolicy after) {
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
    List<Integer> combinations = new ArrayList<>();
    List<Float> cuts = new ArrayList<>();
    int most = 0;
    for (int i = 0; i < count.combinations(); i++) {
      for (Float cut : count.cuts(i)) {
        combinations.add(i);
        cuts.add(cut);
      }
      most = Math.max(most, count.cuts(i).size());
    }
    List<Long> stores = List.copyOf(storeKinds.keySet());
    List<Integer> kinds =
        stores.stream().map(id -> storeKinds.getOrDefault(id, 0) * count.productKinds()).toList();
    String sql = COUNT.formatted(SCORES.repeat(versions.size()));
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      int at = 1;
      select.setInt(at++, most + 1);
      for (int i = 0; i < versions.size(); i++) {
        select.setInt(at++, i * count.combinationsOfVersion());
        select.setShort(at++, versions.get(i).id());
      }
      select.setArray(at++, array("int8", stores));
      select.setArray(at++, array("int4", kinds));
      select.setArray(
          at++, array("text", productKinds.stream().map(ProductKind::category).toList()));
      select.setArray(at++, array("text", productKinds.stream().map(ProductKind::tier).toList()));
      select.setArray(at++, array("int4", productKinds.stream().map(ProductKind::kind).toList()));
      select.setArray(at++, texts(categories));
      select.setArray(at++, texts(tiers));
      select.setArray(at++, array("int4", combinations));
      select.setArray(at, array("float4", cuts));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          long counted = rows.getLong(1);
          count.add((int) (counted / (most + 1)), (int) (counted % (most + 1)), rows.getLong(2));
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
