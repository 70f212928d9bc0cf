package io.shelfcast.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SearchMixTest {

  @Test
  void theFirstRankIsDrawnTwiceAsOftenAsTheSecondAndTheLastOneToo() {
    Zipf zipf = new Zipf(100, 1);
    SplittableRandom random = new SplittableRandom(1);
    Map<Integer, Integer> drawn = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      drawn.merge(zipf.draw(random), 1, Integer::sum);
    }
    assertEquals(2, (double) drawn.get(0) / drawn.get(1), 0.1);
    assertEquals(100, drawn.size());
  }

  @Test
  void searchesAreOfItemsThatThereAreAndNearlyAllStoresComeUp() {
    SearchMix mix = new SearchMix(100, 500, 1);
    Set<Long> stores = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      Search search = mix.next();
      stores.add(search.session().storeId());
      int items = search.productIds().size();
      assertTrue(items >= 20 && items <= 50, () -> search.productIds().toString());
      assertTrue(search.productIds().stream().allMatch(id -> id >= 0 && id < 500));
      assertEquals(items, new HashSet<>(search.productIds()).size());
    }
    assertTrue(stores.size() > 90, stores.toString());
    assertTrue(stores.stream().allMatch(id -> id >= 0 && id < 100), stores.toString());
  }

  @Test
  void sessionsEndAndOthersBegin() {
    SearchMix mix = new SearchMix(10, 50, 1);
    List<String> users = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      users.add(mix.next().session().userId());
    }
    assertTrue(new HashSet<>(users).size() > 500);
    assertTrue(new HashSet<>(users).size() < 2_000);
  }

  @Test
  void theNextScreenSendsTheTokenOfTheLastAnswer() throws Exception {
    Session session = new Session("u1", 7, 3);
    Search search = new Search(session, "search", List.of(11L, 12L));
    assertEquals(
        "{\"store_id\":7,\"product_ids\":[11,12],\"user_id\":\"u1\",\"surface\":\"search\","
            + "\"consistency_token\":null}",
        search.body());
    SearchAnswer answer =
        SearchAnswer.parse(
            """
            {"model_version": "m", "policy_version": 3, "consistency_token": "t", "items": [
              {"store_id": 7, "product_id": 11, "score": 0.9, "stale": true, "decision": "LOW"},
              {"store_id": 7, "product_id": 12, "score": null, "stale": false, "decision": "OUT"}]}
            """);
    assertEquals(new SearchAnswer("m", "t", 2, 1, Map.of("LOW", 1, "OUT", 1)), answer);
    session.answered(answer.token());
    assertTrue(search.body().endsWith("\"consistency_token\":\"t\"}"), search.body());
  }
}
