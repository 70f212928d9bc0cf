package io.shelfcast.local.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.local.generate.ScoreFunction;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2024-06-08T06:00:07.5Z");
  private static final String INFER = "/v2/models/realtime-v2/infer";
  private static final String TWO_ITEMS = call("[7, 7]", "[11, 12]");

  private final HttpClient client = HttpClient.newHttpClient();
  private ModelServer server;

  @BeforeEach
  void start() throws Exception {
    server = start(ModelScores.generated(1, Set.of()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void saysWhatItIsAndThatItIsReady() throws Exception {
    assertThat(
        get("/v2").body(),
        is("{\"name\":\"shelfcast-model-server\",\"version\":\"1\",\"extensions\":[]}"));
    assertThat(get("/v2/health/live").body(), is("{\"live\":true}"));
    assertThat(get("/v2/health/ready").body(), is("{\"ready\":true}"));
    assertThat(
        get("/v2/models/realtime-v2/ready").body(),
        is("{\"name\":\"realtime-v2\",\"ready\":true}"));
    assertThat(
        get("/v2/models/realtime-v2").body(),
        is(
            "{\"name\":\"realtime-v2\",\"platform\":\"shelfcast\",\"inputs\":["
                + "{\"name\":\"store_id\",\"datatype\":\"INT64\",\"shape\":[-1]},"
                + "{\"name\":\"product_id\",\"datatype\":\"INT64\",\"shape\":[-1]}],"
                + "\"outputs\":[{\"name\":\"score\",\"datatype\":\"FP32\",\"shape\":[-1]}]}"));
    assertThat(
        get("/v2").headers().firstValue("Content-Type").orElseThrow(), is("application/json"));
  }

  @Test
  void scoresAreTheGeneratorsOfThisMinuteInTheOrderAsked() throws Exception {
    ScoreFunction model = ScoreFunction.of(1, "realtime-v2", Instant.parse("2024-06-08T06:00:00Z"));
    HttpResponse<String> answer = post(INFER, TWO_ITEMS);
    assertThat(answer.statusCode(), is(200));
    assertThat(
        answer.body(),
        is(
            "{\"model_name\":\"realtime-v2\","
                + "\"parameters\":{\"scored_at\":\"2024-06-08T06:00:07.500000Z\"},"
                + "\"outputs\":[{\"name\":\"score\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":["
                + (float) model.score(7, 11)
                + ","
                + (float) model.score(7, 12)
                + "]}]}"));
    assertThat(server.callsAnswered(), is(1L));
    assertThat(server.itemsScored(), is(2L));
  }

  @Test
  void fieldsMayStandInAnyOrderAndUnknownOnesAreIgnored() throws Exception {
    HttpResponse<String> answer =
        post(
            INFER,
            """
            {"parameters": {"x": [1, {"y": 2}]},
             "inputs": [
               {"data": [11, 12], "shape": [2], "datatype": "INT64", "name": "product_id"},
               {"shape": [2], "data": [7, 7], "parameters": {}, "name": "store_id", "datatype": "INT64"}],
             "outputs": [{"name": "score"}],
             "id": "call \\"1\\""}
            """);
    assertThat(answer.body(), containsString("\"id\":\"call \\\"1\\\"\""));
    assertThat(scoresIn(answer.body()), is(scoresIn(post(INFER, TWO_ITEMS).body())));
  }

  @Test
  void aCallWithoutItemsGetsNone() throws Exception {
    assertThat(post(INFER, call("[]", "[]")).body(), containsString("\"shape\":[0],\"data\":[]"));
  }

  @Test
  void malformedCallsAreToldWhatIsWrong() throws Exception {
    assertRefused(400, "cannot be read", post(INFER, "{\"inputs\": ["));
    assertRefused(400, "the body is not a JSON object", post(INFER, ""));
    assertRefused(400, "the body is not a JSON object", post(INFER, "[]"));
    assertRefused(400, "something follows", post(INFER, TWO_ITEMS + "{}"));
    assertRefused(400, "input 'store_id' is missing", post(INFER, "{}"));
    assertRefused(400, "inputs is not a JSON array", post(INFER, "{\"inputs\": {}}"));
    assertRefused(400, "store_id has 1 values and product_id 2", post(INFER, call("[7]", "[1,2]")));
    assertRefused(400, "not a whole number", post(INFER, call("[7.5]", "[1]")));
    assertRefused(400, "not a whole number", post(INFER, call("[\"7\"]", "[1]")));
    assertRefused(400, "out of range of long", post(INFER, call("[9223372036854775808]", "[1]")));
    assertRefused(400, "not INT64", post(INFER, TWO_ITEMS.replace("INT64", "INT32")));
    assertRefused(400, "not [2]", post(INFER, TWO_ITEMS.replace("[2]", "[1, 2]")));
    assertRefused(
        400, "there is no input 'shop'", post(INFER, TWO_ITEMS.replace("store_id", "shop")));
    assertRefused(400, "is there twice", post(INFER, TWO_ITEMS.replace("store", "product")));
    assertThat(server.callsAnswered(), is(0L));
  }

  @Test
  void whatIsNotThereIsNotFoundAndWrongMethodsAreToldTheRightOne() throws Exception {
    assertRefused(404, "there is nothing at /v1", get("/v1"));
    assertRefused(404, "there is nothing at", get("/v2/models/realtime-v2/infer/"));
    assertRefused(404, "there is no model", get("/v2/models/a%20b/ready"));
    HttpResponse<String> gotten = get(INFER);
    assertRefused(405, "only POST", gotten);
    assertThat(gotten.headers().firstValue("Allow").orElseThrow(), is("POST"));
    assertRefused(405, "only GET", post("/v2/health/live", "{}"));
  }

  @Test
  void onlyTheGivenModelsAreKnown() throws Exception {
    restart(ModelScores.generated(1, Set.of("realtime-v2")));
    assertThat(post(INFER, TWO_ITEMS).statusCode(), is(200));
    assertRefused(
        404, "there is no model 'realtime-v3'", post("/v2/models/realtime-v3/infer", TWO_ITEMS));
    assertRefused(404, "there is no model 'realtime-v3'", get("/v2/models/realtime-v3"));
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedInWords() throws Exception {
    assertRefused(413, "ask for fewer items", post(INFER, " ".repeat((8 << 20) + 1)));
    String large = TWO_ITEMS + " ".repeat((8 << 20) - TWO_ITEMS.length());
    assertThat(post(INFER, large).statusCode(), is(200));
  }

  @Test
  void answersAsLateAsItIsTold() throws Exception {
    server.behave(Behaviour.PERFECT.withLatency(Duration.ofMillis(60)));
    long start = System.nanoTime();
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(client.sendAsync(request(INFER, TWO_ITEMS), BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      assertThat(call.get(20, TimeUnit.SECONDS).statusCode(), is(200));
    }
    assertThat(System.nanoTime() - start, greaterThanOrEqualTo(60_000_000L));
  }

  @Test
  void failsAsOftenAsItIsTold() throws Exception {
    server.behave(Behaviour.PERFECT.withErrorRate(0.5));
    int failed = 0;
    for (int i = 0; i < 40; i++) {
      failed += post(INFER, TWO_ITEMS).statusCode() == 503 ? 1 : 0;
    }
    assertThat("the same in each run", failed, is(22));
    assertThat(server.callsRefused(), is(22L));
    server.behave(Behaviour.PERFECT.withErrorRate(1));
    assertRefused(503, "out of order", post(INFER, TWO_ITEMS));
    assertThat(get("/v2/health/live").statusCode(), is(200));
  }

  @Test
  void callsAboveTheLimitAreToldToComeAgain() throws Exception {
    server.behave(Behaviour.PERFECT.withMaxCallsPerSecond(3));
    List<Integer> statuses = new ArrayList<>();
    HttpResponse<String> last = null;
    for (int i = 0; i < 5; i++) {
      last = post(INFER, TWO_ITEMS);
      statuses.add(last.statusCode());
    }
    assertThat(statuses.subList(0, 4), is(List.of(200, 200, 200, 429)));
    assertThat(last.headers().firstValue("Retry-After").orElseThrow(), is("1"));
    assertThat(server.mostCallsInASecond(), is(5));
  }

  @Test
  void whenSilentItAnswersOnceItBehavesOtherwise() throws Exception {
    server.behave(Behaviour.PERFECT.withSilence());
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request(INFER, TWO_ITEMS), BodyHandlers.ofString());
    awaitWaiting(1);
    // Another way of being silent.
    server.behave(server.behaviour().withErrorRate(1));
    assertThat(server.callsWaiting(), is(1));
    assertThat(call.isDone(), is(false));
    server.behave(Behaviour.PERFECT);
    assertThat(call.get(20, TimeUnit.SECONDS).statusCode(), is(200));
  }

  @Test
  void whenClosedItLetsGoOfThoseThatWait() throws Exception {
    server.behave(Behaviour.PERFECT.withSilence());
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request(INFER, TWO_ITEMS), BodyHandlers.ofString());
    awaitWaiting(1);
    server.close();
    assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aPortThatIsTakenIsRefused() {
    int port = URI.create(server.url()).getPort();
    assertThrows(
        BindException.class,
        () -> ModelServer.start(port, ModelScores.generated(1, Set.of()), Behaviour.PERFECT));
  }

  @Test
  void filesGiveTheNewestScoreOfEachItemAndNullWhereTheyHaveNone(@TempDir Path folder)
      throws Exception {
    String header = "store_id,product_id,model_version,score,scored_at\n";
    Files.writeString(
        folder.resolve("a.csv"),
        header
            + "7,11,realtime-v2,0.25,2024-06-08T05:00:00Z\n"
            + "7,12,realtime-v2,0.5,2024-06-08T05:00:00Z\n"
            + "7,12,realtime-v2,nonsense,2024-06-08T05:30:00Z\n"
            + "7,12,realtime-v2,1.5,2024-06-08T05:30:00Z\n"
            + "7,11,general-v1,0.125,2024-06-08T05:00:00Z\n");
    Files.writeString(
        folder.resolve("b.csv"),
        header
            + "7,11,realtime-v2,0.75,2024-06-08T05:30:00Z\n"
            + "7,12,realtime-v2,0.375,2024-06-08T04:00:00Z\n");
    restart(ModelScores.ofFiles(List.of(folder + "/*.csv"), Set.of(), NOW));
    String answer = post(INFER, call("[7, 7, 8]", "[11, 12, 11]")).body();
    assertThat(scoresIn(answer), is("[0.75,0.5,null]"));
    assertThat(answer, containsString("\"scored_at\":\"2024-06-08T06:00:07.500000Z\""));
    assertThat(
        scoresIn(post("/v2/models/general-v1/infer", call("[7]", "[11]")).body()), is("[0.125]"));
    assertThat(get("/v2/models/other").statusCode(), is(404));

    restart(ModelScores.ofFiles(List.of(folder + "/*.csv"), Set.of("general-v1"), NOW));
    assertThat(get("/v2/models/realtime-v2").statusCode(), is(404));
  }

  private static ModelServer start(ModelScores scores) throws IOException {
    return ModelServer.start(0, scores, Behaviour.PERFECT, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void restart(ModelScores scores) throws IOException {
    server.close();
    server = start(scores);
  }

  private static String call(String storeIds, String productIds) {
    return "{\"inputs\":[%s,%s]}"
        .formatted(input("store_id", storeIds), input("product_id", productIds));
  }

  private static String input(String name, String data) {
    int values = data.equals("[]") ? 0 : data.split(",", -1).length;
    return "{\"name\":\"%s\",\"datatype\":\"INT64\",\"shape\":[%d],\"data\":%s}"
        .formatted(name, values, data);
  }

  private static String scoresIn(String answer) {
    return answer.replaceAll(".*\"data\":(\\[.*?]).*", "$1");
  }

  private void awaitWaiting(int calls) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (server.callsWaiting() < calls) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for a call");
      }
      Thread.onSpinWait();
    }
  }

  private static void assertRefused(int status, String why, HttpResponse<String> answer) {
    assertThat(answer.body(), containsString(why));
    assertThat(answer.body(), containsString("{\"error\":\""));
    assertThat(answer.statusCode(), is(status));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(request(path, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body)).build();
  }

  private URI uri(String path) {
    return URI.create(server.url() + path);
  }
}
