package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scores are read from one database, and what operators set from another. */
@Timeout(60)
class ReplicaTest {

  private final TestDatabase primary = TestDatabase.create();
  private final TestDatabase replica = TestDatabase.create();

  @Test
  void scoresComeFromTheReplicaAndModelsFromThePrimaryAndOneThatLagsBehindIsNotReady()
      throws Exception {
    short model = Serving.model(primary, "m1");
    new ModelRegistry(primary.database()).promote("m1");
    Serving.score(primary, model, 7, 11, 0.1, Duration.ofSeconds(1));
    ReaderSettings settings = Serving.settings(primary.config());
    DatabaseConfig reads = settings.reads();
    try (Serving serving =
        Serving.starting(
            new ReaderSettings(
                settings.database(),
                new DatabaseConfig(
                    replica.config().jdbcUrl(),
                    reads.user(),
                    null,
                    reads.maxConnections(),
                    reads.statementTimeout()),
                settings.freshness(),
                settings.configRefresh(),
                settings.tokenTtl(),
                null,
                null,
                0))) {
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!serving.get("/health/ready").body().contains("no place for those of m1")) {
        assertTrue(System.nanoTime() < end, serving.get("/health/ready").body());
      }

      assertEquals(model, Serving.model(replica, "m1"));
      Serving.score(replica, model, 7, 11, 0.9, Duration.ofSeconds(1));
      serving.await("/health/ready", 200);
      assertEquals(
          "IN_STOCK",
          serving.read("{\"store_id\":7,\"product_ids\":[11]}").at("/items/0/decision").asText());
    }
  }
}
