package io.shelfcast.refresh;

import static io.shelfcast.scoring.FakeScoringApi.status;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.fullsync.FullSync;
import io.shelfcast.scoring.FakeScoringApi;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.RetiredPartitions;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The refresh from its records on, with a real database, and a stand-in for the scoring API. */
class RefreshPipelineTest {

  private final Instant now = Instant.now();

  private TestDatabase database;
  private FakeScoringApi api;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    new ModelRegistry(database.database()).register("m1", ModelStatus.CANDIDATE);
    api = new FakeScoringApi();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aRequestedItemHasAFreshScoreAfterwards() {
    Map<String, Long> counted = refresh().request(7, now, 11, 12).run();

    assertThat(
        database.query(
            "SELECT store_id, product_id, model_version, score, origin,"
                + " scored_at > now() - interval '1 minute'"
                + " FROM current_score JOIN availability_score USING (store_id, product_id, score,"
                + " scored_at) ORDER BY 2"),
        contains("7|11|m1|0.5|2|t", "7|12|m1|0.5|2|t"));
    assertThat(deadLetters(), empty());
    assertEquals(1, counted.get("requests_read"));
    assertEquals(2, counted.get("items_requested"));
    assertEquals(2, counted.get("items_scored"));
    assertEquals(2, counted.get("scores_inserted"));
    assertEquals(1, counted.get("scoring_calls"));
    assertEquals(
        2,
        counted.entrySet().stream()
            .filter(counter -> counter.getKey().startsWith(RefreshLag.DISTRIBUTION))
            .mapToLong(Map.Entry::getValue)
            .sum());
  }

  @Test
  void liveAndCandidateVersionsAreScoredAndShadowsOnlyWhenAskedFor() {
    ModelRegistry registry = new ModelRegistry(database.database());
    registry.register("m2", ModelStatus.CANDIDATE);
    registry.promote("m2");
    registry.register("s", ModelStatus.SHADOW);

    refresh().request(7, now, 11).run();
    assertThat(
        database.query("SELECT model_version FROM current_score ORDER BY 1"), contains("m1", "m2"));

    refresh("--refreshStatuses=shadow").request(8, now, 11).run();
    assertThat(
        database.query("SELECT model_version FROM current_score WHERE store_id = 8"),
        contains("s"));
  }

  @Test
  void anItemIsScoredOnceWithinTheInterval() {
    Instant shown = now.plusSeconds(3600);
    Map<String, Long> counted =
        refresh()
            .request(7, shown, 11, 11, 12)
            .request(7, shown.minusSeconds(50), 12, 13)
            .after(Duration.standardSeconds(59))
            .request(7, shown, 11)
            .after(Duration.standardSeconds(2))
            .request(7, shown, 11)
            .run();

    assertEquals(4, counted.get("items_scored"));
    assertEquals(3, counted.get("items_suppressed_repeated"));
    assertEquals(1, counted.get("scores_updated") + counted.get("scores_kept"));
  }

  @Test
  void whatIsRememberedOfItemsIsForgottenWhenItIsOver() {
    RefreshRun refresh = refresh();
    for (int minute = 0; minute < 10; minute++) {
      for (int store = 0; store < 5; store++) {
        refresh.request(store, now, 1000L + minute, 2000L + minute);
      }
      refresh.after(Duration.standardMinutes(1));
    }
    Map<String, Long> counted = refresh.after(Duration.standardMinutes(2)).run();

    assertEquals(100, counted.get("suppression_entries_added"));
    assertEquals(100, counted.get("suppression_entries_expired"));
  }

  @Test
  void anItemThatIsFreshInTheDatabaseIsNotScored() {
    database.execute(
        "INSERT INTO availability_score (model_version_id, store_id, product_id, score, scored_at,"
            + " origin) VALUES (1, 7, 11, 0.9, '%s', 1), (1, 7, 12, 0.9, '%s', 1)"
                .formatted(now.minusSeconds(59), now.minusSeconds(61)));

    Map<String, Long> counted = refresh().request(7, now, 11, 12, 13).run();

    assertThat(
        database.query("SELECT product_id, score FROM current_score ORDER BY 1"),
        contains("11|0.9", "12|0.5", "13|0.5"));
    assertEquals(1, counted.get("items_suppressed_fresh"));
    assertEquals(2, counted.get("items_scored"));
  }

  @Test
  void whatIsNoRequestBecomesADeadLetterAndBlocksNothing() {
    refresh("--maxProductsPerRequest=3")
        .value("no JSON")
        .value("[]")
        .value("{\"product_ids\": [1], \"requested_at\": \"%s\", \"source\": \"s\"}".formatted(now))
        .value("{\"store_id\": 7, \"requested_at\": \"%s\", \"source\": \"s\"}".formatted(now))
        .value("{\"store_id\": 7, \"product_ids\": [1], \"source\": \"s\"}")
        .value("{\"store_id\": 7, \"product_ids\": [1], \"requested_at\": \"%s\"}".formatted(now))
        .value(json("-7", "1", now))
        .value(json("7", "\"x\"", now))
        .value(json("7", "1.5", now))
        .value(json("99999999999999999999", "1", now))
        .value(json("7", "", now))
        .value(json("7", "1, 2, 3, 4", now))
        .value(json("7", "1", "yesterday"))
        .value(json("7", "1", now) + "{}")
        .value(null)
        .bytes(new byte[] {(byte) 0xff, 0})
        .value(json("7", "1", now).replace("7", "\u0000"))
        .request(7, now, 11)
        .run();

    assertThat(
        database.query("SELECT source, position, reason, kind, run_id FROM dead_letter ORDER BY 2"),
        contains(
            letter(0, "request_wrong_shape"),
            letter(1, "request_wrong_shape"),
            letter(2, "store_id_missing"),
            letter(3, "product_ids_missing"),
            letter(4, "requested_at_missing"),
            letter(5, "source_missing"),
            letter(6, "store_id_negative"),
            letter(7, "product_id_not_a_number"),
            letter(8, "product_id_not_a_number"),
            letter(9, "store_id_not_a_number"),
            letter(10, "product_ids_empty"),
            letter(11, "product_ids_too_many"),
            letter(12, "requested_at_unparsable"),
            letter(13, "request_wrong_shape"),
            letter(14, "request_wrong_shape"),
            letter(15, "request_wrong_shape"),
            letter(16, "request_wrong_shape")));
    assertThat(
        database.query("SELECT payload FROM dead_letter WHERE position IN (0, 15) ORDER BY 1"),
        containsInAnyOrder("no JSON", "\"base64:/wA=\""));
    assertThat(database.query("SELECT product_id FROM current_score"), contains("11"));
  }

  private static String letter(int offset, String reason) {
    return "requests/3|%d|%s|refresh_request|refresh:shelfcast-refresh".formatted(offset, reason);
  }

  @Test
  void aRequestWhileNoVersionIsKeptFreshIsKeptAsADeadLetter() {
    new ModelRegistry(database.database()).retire("m1", RetiredPartitions.DEFAULT_GRACE);

    refresh().request(7, now, 11, 12).run();

    assertThat(deadLetters(), contains("no_model_version|[11,12]"));
    assertThat(api.requests(), empty());

    // Once there is one, a replay asks it for each item by itself.
    new ModelRegistry(database.database()).register("m2", ModelStatus.CANDIDATE);
    api.first(status(404, "{}"));
    assertEquals(
        "RowCounts[inserted=0, updated=0, kept=0, rejected=2]",
        FullSync.replay(database, "--scoringUrl=" + api.url()).toString());
    assertEquals(
        "RowCounts[inserted=2, updated=0, kept=0, rejected=0]",
        FullSync.replay(database, "--scoringUrl=" + api.url()).toString());
    assertThat(
        database.query("SELECT product_id, model_version FROM current_score ORDER BY 1"),
        contains("11|m2", "12|m2"));
    assertThat(database.query("SELECT DISTINCT state FROM dead_letter"), contains("replayed"));
  }

  @Test
  void withoutAScoringApiAReplayLeavesTheRequestsAndSaysSo() {
    refresh().value("no request").run();
    assertEquals(0, FullSync.replay(database).read());
    assertThat(database.query("SELECT state, attempts FROM dead_letter"), contains("open|1"));
  }

  @Test
  void itemsOfAModelThatTheApiDoesNotKnowBecomeDeadLettersOneByOne() {
    new ModelRegistry(database.database()).register("m2", ModelStatus.CANDIDATE);
    api.always(
        exchange -> {
          if (exchange.getRequestURI().getPath().contains("/m2/")) {
            status(404, "{\"error\": \"no m2\"}").handle(exchange);
          } else {
            FakeScoringApi.answerHalves(exchange);
          }
        });

    refresh().request(7, now, 11, 12).run();

    assertThat(deadLetters(), contains("scoring_model_unknown|[11]", "scoring_model_unknown|[12]"));
    assertThat(
        database.query("SELECT payload::json ->> 'model_version' FROM dead_letter"),
        everyItem(startsWith("m2")));
    assertThat(
        database.query("SELECT product_id, model_version FROM current_score ORDER BY 1"),
        contains("11|m1", "12|m1"));
  }

  @Test
  void scoresThatAreNoneBecomeDeadLettersOfExactlyThoseItems() {
    api.always(
        status(
            200,
            """
            {"model_name": "m1", "outputs": [{"name": "score", "shape": [5], "datatype": "FP32",
             "data": [0.25, NaN, 1.5, null, 0.75]}]}"""));

    refresh().request(7, now, 11, 12, 13, 14, 15).run();

    assertThat(
        database.query("SELECT product_id, score FROM current_score ORDER BY 1"),
        contains("11|0.25", "15|0.75"));
    assertThat(
        deadLetters(),
        containsInAnyOrder("score_nan|[12]", "score_out_of_range|[13]", "score_missing|[14]"));
  }

  @Test
  void anAnswerOfTheWrongLengthIsOfNoUseToAnyItemOfTheCall() {
    api.always(status(200, FakeScoringApi.scores(3)));

    refresh().request(7, now, 11, 12).run();

    assertThat(database.query("SELECT product_id FROM current_score"), empty());
    assertThat(
        deadLetters(), contains("scoring_answer_malformed|[11]", "scoring_answer_malformed|[12]"));
  }

  @Test
  void whenRetriesAreSpentTheItemsAreDeadLettersAndCanBeReplayed() {
    api.always(status(503, "{\"error\": \"busy\"}"));
    refresh("--maxScoringRetries=1").request(7, now, 11, 12).value(json("7", "", now)).run();
    assertThat(
        deadLetters(),
        contains("product_ids_empty|[]", "scoring_unavailable|[11]", "scoring_unavailable|[12]"));

    api.always(FakeScoringApi::answerHalves);
    assertEquals(
        "RowCounts[inserted=2, updated=0, kept=0, rejected=1]",
        FullSync.replay(database, "--scoringUrl=" + api.url()).toString());

    assertThat(
        database.query("SELECT product_id, origin FROM availability_score ORDER BY 1"),
        contains("11|3", "12|3"));
    assertThat(
        database.query("SELECT reason, state FROM dead_letter ORDER BY 1, 2"),
        contains(
            "product_ids_empty|open",
            "scoring_unavailable|replayed",
            "scoring_unavailable|replayed"));
  }

  private RefreshRun refresh(String... options) {
    return new RefreshRun(database, api.url(), options);
  }

  private static String json(String store, String products, Object requestedAt) {
    return "{\"store_id\": %s, \"product_ids\": [%s], \"requested_at\": \"%s\", \"source\": \"s\"}"
        .formatted(store, products, requestedAt);
  }

  private List<String> deadLetters() {
    return database.query(
        "SELECT reason, payload::json ->> 'product_ids' FROM dead_letter" + " ORDER BY 1, 2");
  }
}
