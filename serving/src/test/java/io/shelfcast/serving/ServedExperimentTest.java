package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import io.shelfcast.store.ExperimentStore;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which model version answers which user, over HTTP and from the database. */
@Timeout(60)
class ServedExperimentTest {

  private static final int USERS = 200;

  private final TestDatabase database = TestDatabase.create();
  private final ModelRegistry models = new ModelRegistry(database.database());

  private void models() {
    Serving.model(database, "general-v1");
    Serving.model(database, "realtime-v2");
    models.promote("general-v1");
  }

  @Test
  void usersAreSplitAsTheExperimentSaysAndStayWhereTheyAre() throws Exception {
    models();
    try (Serving serving = Serving.start(Serving.settings(database.config()))) {
      new ExperimentStore(database.database())
          .set(
              Map.of("realtime-v2", Percentage.parse("30")),
              Map.of("surface", Set.of("search")),
              false);
      long end = System.nanoTime() + 20_000_000_000L;
      while (!assigned(serving, "search").containsValue("realtime-v2")) {
        assertTrue(System.nanoTime() < end, "the experiment is not seen");
      }

      Map<String, String> first = assigned(serving, "search");
      Experiment experiment = new ExperimentStore(database.database()).find().orElseThrow();
      for (Map.Entry<String, String> user : first.entrySet()) {
        assertEquals(
            experiment.assign(user.getKey(), Map.of("surface", "search")) == 0
                ? "general-v1"
                : "realtime-v2",
            user.getValue(),
            user.getKey());
      }
      assertTrue(first.equals(assigned(serving, "search")), "somebody moved");
      assertEquals(Set.of("general-v1"), Set.copyOf(assigned(serving, "cart").values()));
      assertEquals("general-v1", model(serving, "{\"store_id\":7,\"product_ids\":[11]}"));

      models.promote("realtime-v2");
      while (assigned(serving, "cart").containsValue("general-v1")) {
        assertTrue(System.nanoTime() < end, "the promotion is not seen");
      }
    }
  }

  private static Map<String, String> assigned(Serving serving, String surface) throws Exception {
    Map<String, String> assigned = new HashMap<>();
    for (int user = 0; user < USERS; user++) {
      assigned.put(
          "u" + user,
          model(
              serving,
              "{\"store_id\":7,\"product_ids\":[11],\"user_id\":\"u%d\",\"surface\":\"%s\"}"
                  .formatted(user, surface)));
    }
    return assigned;
  }

  private static String model(Serving serving, String request) throws Exception {
    JsonNode answer = serving.read(request);
    return answer.get("model_version").asText();
  }

  /** As a marketplace would write one around its own flag service. */
  public static final class OtherProvider extends InMemoryProvider {
    public OtherProvider() {
      super(
          Map.of(
              "availability-model",
              Flag.<String>builder()
                  .variant("on", "realtime-v2")
                  .variant("off", "general-v1")
                  .variant("typo", "realtime-v3")
                  .defaultVariant("off")
                  .contextEvaluator(
                      (flag, context) ->
                          switch (String.valueOf(context.getTargetingKey())) {
                            case "u1" -> "realtime-v2";
                            case "u2" -> "realtime-v3";
                            default -> "general-v1";
                          })
                  .build()));
    }
  }

  @Test
  void anotherProviderAssignsAndOnlyWhatIsServedCounts() throws Exception {
    models();
    ReaderSettings settings = Serving.settings(database.config());
    try (Serving serving =
        Serving.start(
            new ReaderSettings(
                settings.database(),
                settings.reads(),
                settings.freshness(),
                settings.configRefresh(),
                settings.tokenTtl(),
                null,
                OtherProvider.class.getName(),
                0))) {
      String request = "{\"store_id\":7,\"product_ids\":[11],\"user_id\":\"%s\"}";
      assertEquals("realtime-v2", model(serving, request.formatted("u1")));
      assertEquals("general-v1", model(serving, request.formatted("u2")));
      assertEquals("general-v1", model(serving, request.formatted("u3")));
    }
  }
}
