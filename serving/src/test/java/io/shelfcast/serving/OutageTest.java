package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does when it cannot do what is asked of it. */
@Timeout(60)
class OutageTest {

  private static final String REQUEST = "{\"store_id\":7,\"product_ids\":[11]}";

  private final TestDatabase database = TestDatabase.create();

  private ReaderSettings settings(Duration timeout) {
    ReaderSettings settings = Serving.settings(database.config());
    DatabaseConfig reads = settings.reads();
    return new ReaderSettings(
        settings.database(),
        new DatabaseConfig(reads.jdbcUrl(), reads.user(), null, 2, timeout),
        settings.freshness(),
        settings.configRefresh(),
        settings.tokenTtl(),
        null,
        null,
        0);
  }

  private short promoted() {
    short model = Serving.model(database, "m1");
    new ModelRegistry(database.database()).promote("m1");
    Serving.score(database, model, 7, 11, 0.9, Duration.ofSeconds(1));
    return model;
  }

  @Test
  void withoutALiveVersionItSaysWhatToDoAndIsReadyOnceThereIsOne() throws Exception {
    try (Serving serving = Serving.starting(settings(Duration.ofSeconds(5)))) {
      serving.await("/health/live", 200);
      assertEquals(503, serving.get("/health/ready").statusCode());
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      HttpResponse<String> response = serving.post(REQUEST);
      while (!response.body().contains("models promote")) {
        assertTrue(System.nanoTime() < end, response.body());
        response = serving.post(REQUEST);
      }
      assertEquals(503, response.statusCode());
      assertEquals("1", response.headers().firstValue("retry-after").orElse(""));

      promoted();
      serving.await("/health/ready", 200);
      assertEquals("IN_STOCK", serving.read(REQUEST).at("/items/0/decision").asText());
    }
  }

  @Test
  void whenReadsHangThoseThatFindNoRoomAreTurnedAwayAtOnceAndTheOthersInTime() throws Exception {
    short model = promoted();
    Map<Integer, Integer> statuses = new HashMap<>();
    try (Serving serving = Serving.start(settings(Duration.ofSeconds(2)))) {
      int requests = 100; // 2 are read, 64 may wait.
      ExecutorService threads = Executors.newFixedThreadPool(requests);
      try (Connection other = database.connect();
          Statement lock = other.createStatement()) {
        other.setAutoCommit(false);
        lock.execute("LOCK TABLE availability_score_" + model + " IN ACCESS EXCLUSIVE MODE");
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> responses = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
          responses.add(
              threads.submit(
                  () -> {
                    go.await();
                    return serving.post(REQUEST).statusCode();
                  }));
        }
        go.countDown();
        for (Future<Integer> response : responses) {
          statuses.merge(response.get(), 1, Integer::sum);
        }
      } finally {
        threads.shutdownNow();
      }
      // Read until the statement was cut off; waited until the deadline; turned away.
      assertTrue(statuses.get(429) >= 100 - 2 - 64 - 2, statuses.toString());
      assertTrue(statuses.get(503) >= 2, statuses.toString());
      assertTrue(statuses.get(504) >= 1, statuses.toString());
      assertEquals(Set.of(429, 503, 504), statuses.keySet());

      assertEquals("IN_STOCK", serving.read(REQUEST).at("/items/0/decision").asText());
      assertTrue(serving.get("/metrics").body().contains("outcome=\"shed\""));
    }
  }

  @Test
  void whileTheDatabaseIsAwayItSaysSoFastAndAnswersAgainOnceItIsBack() throws Exception {
    promoted();
    DatabaseConfig real = database.config();
    int port = Integer.parseInt(real.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"));
    try (Cable cable = new Cable(port)) {
      DatabaseConfig config =
          new DatabaseConfig(
              real.jdbcUrl().replace(":" + port + "/", ":" + cable.port() + "/"),
              real.user(),
              null,
              4,
              real.statementTimeout());
      try (Serving serving = Serving.start(Serving.settings(config))) {
        serving.read(REQUEST);

        cable.cut();
        serving.await("/health/ready", 503);
        assertEquals(200, serving.get("/health/live").statusCode());
        long started = System.nanoTime();
        for (int i = 0; i < 200; i++) {
          HttpResponse<String> response = serving.post(REQUEST);
          assertEquals(503, response.statusCode(), response.body());
          assertTrue(response.body().contains("the database cannot be reached"), response.body());
        }
        // Each that finds out waits 250 ms; if all did, it would be 50 s.
        assertTrue(System.nanoTime() - started < Duration.ofSeconds(20).toNanos());

        cable.mend();
        serving.await("/health/ready", 200);
        assertEquals("IN_STOCK", serving.read(REQUEST).at("/items/0/decision").asText());
        // What operators set is seen again, too.
        new ModelRegistry(database.database()).register("m2", ModelStatus.CANDIDATE);
        new ModelRegistry(database.database()).promote("m2");
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!serving.read(REQUEST).get("model_version").asText().equals("m2")) {
          assertTrue(System.nanoTime() < end, "the promotion is not seen");
          Thread.sleep(20);
        }
      }
    }
  }

  @Test
  void withoutABrokerReadsAreUnharmedAndWhatWasToBeAskedIsCounted() throws Exception {
    short model = promoted();
    Serving.score(database, model, 7, 12, 0.9, Duration.ofHours(2));
    RefreshTopic nowhere =
        new RefreshTopic("127.0.0.1:1", RefreshRequest.TOPIC, Map.of(), Duration.ofMinutes(1));
    try (Serving serving = Serving.start(Serving.settings(database.config(), nowhere))) {
      long started = System.nanoTime();
      for (int i = 0; i < 500; i++) {
        JsonNode answer = serving.read("{\"store_id\":7,\"product_ids\":[11,12,%d]}".formatted(i));
        assertTrue(answer.at("/items/1/stale").asBoolean());
      }
      // The producer waits a second for a broker: if reads did, it would be 500 s.
      assertTrue(System.nanoTime() - started < Duration.ofSeconds(30).toNanos());
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (dropped(serving) < 100) {
        assertTrue(System.nanoTime() < end, "dropped: " + dropped(serving));
        Thread.sleep(20);
      }
    }
  }

  private static double dropped(Serving serving) {
    return serving.registry.get("shelfcast.refresh.items.dropped").counter().count();
  }
}
