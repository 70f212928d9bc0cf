package io.shelfcast.local;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.experiment.Percentage;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ExperimentStore;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import io.shelfcast.store.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** The database of a demo: what operators would have set in it. */
final class DemoDatabase {

  /** The model version that most users get. */
  static final String LIVE = "general-v1";

  /** The one that the experiment's users get. */
  static final String CANDIDATE = "realtime-v2";

  static final String CANDIDATE_PERCENT = "20";

  /** What an earlier demo left is not what this one made; dropping it is faster than initdb. */
  private static final String EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

  private static final List<String> CATEGORIES =
      List.of("produce", "dairy", "bakery", "meat", "frozen", "pantry", "drinks", "household");

  private static final List<String> CITIES = List.of("Springfield", "Riverton", "Lakeside");

  private static final List<String> RETAILERS = List.of("Northgate", "Sundry", "Greens & Co");

  /** One product in so many is asked for a lot. */
  private static final int POPULAR = 10;

  /** What is fresh sells out faster than it is counted; a missing popular product annoys most. */
  private static final String POLICY =
      """
      rules:
        - name: everywhere
          low: 0.75
          out: 0.4
        - name: fresh food
          when: {category: [produce, bakery, meat]}
          low: 0.85
          out: 0.5
        - name: popular products
          when: {popularity_tier: head}
          add_low: 0.05
      """;

  private DemoDatabase() {}

  /** Opens it, empty but for what operators set: models, an experiment, segments, a policy. */
  static ServingDatabase open(Path home, int stores, int products) throws IOException {
    ServingDatabase serving = ServingDatabase.embedded(home);
    try {
      prepare(serving.config(), stores, products);
      return serving;
    } catch (RuntimeException e) {
      serving.close();
      throw e;
    }
  }

  private static void prepare(DatabaseConfig config, int stores, int products) {
    Database database = Database.shared(config);
    database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(EMPTY);
          }
        });
    Migrations.migrate(config);
    ModelRegistry models = new ModelRegistry(database);
    models.register(LIVE, ModelStatus.CANDIDATE);
    models.register(CANDIDATE, ModelStatus.CANDIDATE);
    models.promote(LIVE);
    var unusedExperiment =
        new ExperimentStore(database)
            .set(Map.of(CANDIDATE, Percentage.parse(CANDIDATE_PERCENT)), Map.of(), false);
    var unusedSegments = new SegmentStore(database).replace(stores(stores), products(products));
    var unusedPolicy =
        new PolicyStore(database)
            .publish(
                new Publication(
                    PolicyYaml.read(POLICY), 0, "demo", "to have segments", null, null));
  }

  private static SegmentTable<StoreAttributes> stores(int count) {
    SegmentTable.Builder<StoreAttributes> table =
        new SegmentTable.Builder<>(StoreAttributes.UNKNOWN);
    for (int store = 0; store < count; store++) {
      table.add(
          store,
          new StoreAttributes(
              of(CITIES, store), "west", of(RETAILERS, store / 7), ZoneId.of("UTC")));
    }
    return table.build();
  }

  private static SegmentTable<ProductAttributes> products(int count) {
    SegmentTable.Builder<ProductAttributes> table =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    for (int product = 0; product < count; product++) {
      table.add(
          product,
          new ProductAttributes(
              of(CATEGORIES, product), product < count / POPULAR ? "head" : "tail"));
    }
    return table.build();
  }

  private static String of(List<String> names, int i) {
    return names.get(i % names.size());
  }
}
