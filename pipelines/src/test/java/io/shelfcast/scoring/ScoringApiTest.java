package io.shelfcast.scoring;

import static io.shelfcast.scoring.FakeScoringApi.scores;
import static io.shelfcast.scoring.FakeScoringApi.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.shelfcast.domain.Micros;
import io.shelfcast.scoring.FakeScoringApi.Received;
import io.shelfcast.store.SecretRef;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScoringApiTest {

  private static final Pauses SHORT =
      new Pauses(Duration.ofMillis(2), Duration.ofMillis(10), Duration.ofMillis(200));
  private static final Pauses OPEN_FOR_GOOD =
      new Pauses(Duration.ofMillis(2), Duration.ofMillis(10), Duration.ofHours(1));

  @TempDir private Path dir;

  private final FakeScoringApi server;
  private final List<ScoringApi> opened = new ArrayList<>();
  private volatile Instant now = Instant.parse("2024-06-08T06:00:00Z");

  ScoringApiTest() throws IOException {
    server = new FakeScoringApi();
  }

  @AfterEach
  void close() {
    opened.forEach(ScoringApi::close);
    server.close();
  }

  @Test
  void aModelIsAskedByTheProtocolAndItsScoresAreTheResult() throws Exception {
    ScoringResult result =
        api(new Settings().url(server.url() + "/prefix/"))
            .submit("realtime-v2", new long[] {7, 8}, new long[] {11, 12})
            .get();

    Received request = server.requests().get(0);
    assertEquals("POST", request.method());
    assertEquals("/prefix/v2/models/realtime-v2/infer", request.path());
    assertEquals("application/json", request.contentType());
    assertEquals(null, request.authorization());
    assertEquals(
        new String(
            InferenceRequest.of(new long[] {7, 8}, new long[] {11, 12}), StandardCharsets.UTF_8),
        request.body());
    Scores scores = assertInstanceOf(Scores.class, result.answer());
    assertEquals(2, scores.size());
    assertEquals(0.5, scores.score(1));
    assertEquals(Micros.of(now), scores.scoredAtMicros());
    assertEquals("realtime-v2", result.modelVersion());
    assertEquals(1, result.calls());
    assertEquals(0, result.retries());
    assertEquals(0, result.breakerOpenings());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void whatMayPassIsTriedAgain(int status) throws Exception {
    server.first(status(status, ""), status(status, "{\"error\": \"loading\"}"));

    ScoringResult result = ask(api(new Settings()));

    assertInstanceOf(Scores.class, result.answer());
    assertEquals(3, result.calls());
    assertEquals(2, result.retries());
    assertEquals(3, server.requests().size());
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() throws Exception {
    server.first(HttpExchange::close, cutShort());

    ScoringResult result = ask(api(new Settings()));

    assertInstanceOf(Scores.class, result.answer());
    assertEquals(3, result.calls());
  }

  @Test
  void anUnknownModelIsNotAskedAgain() throws Exception {
    server.always(status(404, "{\"error\": \"Model 'v1' not found\"}"));

    ScoringResult result = ask(api(new Settings()));

    assertEquals(
        new ScoringFailure("scoring_model_unknown", "HTTP 404: Model 'v1' not found"),
        result.answer());
    assertEquals(1, result.calls());
    assertEquals(1, server.requests().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 413, 422})
  void whatIsRefusedIsNotAskedAgain(int status) throws Exception {
    server.always(status(status, "not\nlike this", "Location", server.url()));

    ScoringResult result = ask(api(new Settings()));

    assertEquals(
        new ScoringFailure("scoring_refused", "HTTP " + status + ": not?like this"),
        result.answer());
    assertEquals(1, server.requests().size());
  }

  @Test
  void anAnswerOfSomethingElseIsMalformedAndNotAskedAgain() throws Exception {
    server.first(status(200, "<html>Sign in</html>"), status(204, ""), status(200, scores(3)));
    ScoringApi api = api(new Settings());

    for (int i = 0; i < 3; i++) {
      assertEquals("scoring_answer_malformed", failure(ask(api)).reason());
    }
    assertEquals(3, server.requests().size());
  }

  @Test
  void anAnswerWithoutEndIsMalformedAndNotReadToItsEnd() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    server.first(endless(200, hungUp, 1 << 20));

    ScoringFailure failure = failure(ask(api(new Settings())));

    assertEquals("scoring_answer_malformed", failure.reason());
    assertEquals("the answer is longer than 16777216 bytes", failure.detail());
    hungUp.await();
  }

  @Test
  void anErrorWithoutEndIsAnErrorAllTheSame() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    server.first(endless(400, hungUp, 1 << 16));

    ScoringFailure failure = failure(ask(api(new Settings())));

    assertEquals("scoring_refused", failure.reason());
    assertTrue(failure.detail().length() <= 300);
    hungUp.await();
  }

  @Test
  void aBodyThatDripsIsCutOffWhenTheTimeIsUp() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(2);
    server.always(endless(200, hungUp, 1));

    ScoringResult result =
        ask(api(new Settings().callTimeout(Duration.ofMillis(500)).maxRetries(1)));

    assertEquals("scoring_unavailable", failure(result).reason());
    assertTrue(failure(result).detail().contains("no answer within PT0.5S"), result.toString());
    assertEquals(2, result.calls());
    hungUp.await();
  }

  @Test
  void aBodyThatStallsIsNotWaitedFor() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    server.first(
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(scores(1).getBytes(StandardCharsets.UTF_8), 0, 20);
          exchange.getResponseBody().flush();
          awaitQuietly(over);
        });

    ScoringResult result = ask(api(new Settings().callTimeout(Duration.ofMillis(500))));

    over.countDown();
    assertInstanceOf(Scores.class, result.answer());
    assertEquals(2, result.calls());
  }

  @Test
  void whereNobodyListensIsUnavailable() throws Exception {
    server.close();

    ScoringFailure failure = failure(ask(api(new Settings().maxRetries(2))));

    assertEquals("scoring_unavailable", failure.reason());
    assertTrue(failure.detail().startsWith("no answer by 3 calls in "), failure.detail());
    assertTrue(failure.detail().endsWith("no connection to " + server.url()), failure.detail());
  }

  @Test
  void aServerThatAsksToBeLeftAloneIs() throws Exception {
    server.first(status(429, "", "Retry-After", "1"));

    ScoringResult result = ask(api(new Settings()));

    assertInstanceOf(Scores.class, result.answer());
    assertTrue(nanosBetween(0, 1) >= TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aServerIsNotLeftAloneBeyondTheTimeForRetries() throws Exception {
    server.always(status(503, "", "Retry-After", "3600"));
    long start = System.nanoTime();

    ScoringResult result = ask(api(new Settings().maxRetryTime(Duration.ofSeconds(1))));

    assertEquals("scoring_unavailable", failure(result).reason());
    assertEquals(2, result.calls());
    assertTrue(nanosSince(start, 1) >= TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void retriesEndWithTheirNumber() throws Exception {
    server.always(status(503, "{\"error\": \"overloaded\"}"));

    ScoringResult result = ask(api(new Settings().maxRetries(3)));

    assertEquals(4, result.calls());
    assertEquals(4, server.requests().size());
    assertEquals("scoring_unavailable", failure(result).reason());
    assertTrue(
        failure(result).detail().endsWith("last error: HTTP 503: overloaded"), result.toString());
  }

  @Test
  void retriesEndWithTheirTime() throws Exception {
    server.always(status(503, ""));

    ScoringResult result =
        ask(
            api(
                new Settings()
                    .maxRetries(1_000_000)
                    .maxRetryTime(Duration.ofSeconds(1))
                    .pauses(new Pauses(ms(1), ms(1), ms(1)))));

    assertEquals("scoring_unavailable", failure(result).reason());
    assertTrue(result.calls() > 1);
    long tried = nanosBetween(0, server.requests().size() - 1);
    assertTrue(tried < TimeUnit.SECONDS.toNanos(5), () -> tried + " ns");
  }

  @Test
  void aModelThatIsDownIsNotHammeredAndNothingIsLostWhenItIsBack() throws Exception {
    server.always(status(503, ""));
    long start = System.nanoTime();
    ScoringApi api = api(new Settings().maxInFlight(4));
    List<Future<ScoringResult>> calls = submit(api, "v1", 8);

    // Once open, at most two calls on trial each 200 ms. Before, at most those that make it open,
    // and those that were in flight then.
    int untilOpen = ModelBreaker.FAILURES + 3;
    until(() -> server.requests().size() > untilOpen + 2 * ModelBreaker.TRIALS);
    assertTrue(
        nanosSince(start, untilOpen + 2 * ModelBreaker.TRIALS)
            >= TimeUnit.MILLISECONDS.toNanos(3 * 200));
    assertEquals(1, api.openBreakers());
    server.always(FakeScoringApi::answerHalves);

    int made = 0;
    int openings = 0;
    for (Future<ScoringResult> call : calls) {
      ScoringResult result = call.get();
      assertInstanceOf(Scores.class, result.answer());
      made += result.calls();
      openings += result.breakerOpenings();
    }
    assertEquals(server.requests().size(), made);
    assertTrue(openings >= 2, openings + " openings");
    assertEquals(0, api.openBreakers());
  }

  @Test
  void waitingAtAnOpenBreakerEndsWithTheTimeForRetriesAndSpendsNoRetry() throws Exception {
    server.always(status(503, "{\"error\": \"overloaded\"}"));
    ScoringApi api =
        api(
            new Settings()
                .maxRetries(0)
                .maxRetryTime(Duration.ofMillis(300))
                .pauses(OPEN_FOR_GOOD));
    for (int i = 0; i < ModelBreaker.FAILURES; i++) {
      assertEquals(1, ask(api).calls());
    }

    ScoringResult result = ask(api);

    assertEquals(0, result.calls());
    assertEquals(0, result.retries());
    assertEquals(ModelBreaker.FAILURES, server.requests().size());
    assertEquals("scoring_unavailable", failure(result).reason());
    assertTrue(
        failure(result).detail().endsWith("circuit breaker open; HTTP 503: overloaded"),
        result.toString());
  }

  @Test
  void throttlingOpensNoBreaker() throws Exception {
    for (int i = 0; i < 2 * ModelBreaker.FAILURES; i++) {
      server.first(status(429, ""));
    }

    ScoringResult result = ask(api(new Settings().pauses(OPEN_FOR_GOOD)));

    assertInstanceOf(Scores.class, result.answer());
    assertEquals(2 * ModelBreaker.FAILURES + 1, result.calls());
    assertEquals(0, result.breakerOpenings());
  }

  @Test
  void aSickModelDoesNotKeepAHealthyOneWaiting() throws Exception {
    server.always(
        exchange -> {
          if (exchange.getRequestURI().getPath().contains("sick")) {
            status(503, "").handle(exchange);
          } else {
            FakeScoringApi.answerHalves(exchange);
          }
        });
    ScoringApi api = api(new Settings().maxInFlight(2).pauses(OPEN_FOR_GOOD));
    List<Future<ScoringResult>> sick = submit(api, "sick", 10);
    until(() -> api.openBreakers() == 1);

    for (Future<ScoringResult> call : submit(api, "well", 10)) {
      assertInstanceOf(Scores.class, call.get().answer());
    }

    assertTrue(sick.stream().noneMatch(Future::isDone));
    api.close();
    for (Future<ScoringResult> call : sick) {
      assertThrows(Exception.class, call::get);
    }
  }

  @Test
  void allModelsTogetherHaveNoMoreCallsInFlightThanAllowed() throws Exception {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier together = new CyclicBarrier(3);
    server.always(
        exchange -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          try {
            together.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IOException(e);
          }
          inFlight.decrementAndGet();
          FakeScoringApi.answerHalves(exchange);
        });
    ScoringApi api = api(new Settings().maxInFlight(3));
    List<Future<ScoringResult>> calls = submit(api, "v1", 6);
    calls.addAll(submit(api, "v2", 6));

    for (Future<ScoringResult> call : calls) {
      assertEquals(1, call.get().calls());
    }
    assertEquals(3, most.get());
  }

  @Test
  void callsKeepToTheRateRetriesIncluded() throws Exception {
    ask(api(new Settings()));
    server.first(status(503, ""), status(503, ""), status(503, ""), status(503, ""));
    long start = System.nanoTime();
    ScoringApi api = api(new Settings().maxInFlight(8).maxCallsPerSecond(50));

    for (Future<ScoringResult> call : submit(api, "v1", 20)) {
      assertInstanceOf(Scores.class, call.get().answer());
    }

    int last = server.requests().size() - 1;
    assertEquals(24, last);
    // 24 calls, so 23 intervals of 20 ms, of which the first may have begun before.
    assertTrue(nanosSince(start, last) >= TimeUnit.MILLISECONDS.toNanos(22 * 20));
  }

  @Test
  void theTokenIsSentAndLookedUpAgainAfterAMinute() throws Exception {
    Path file = Files.writeString(dir.resolve("token"), "hunter2\n");
    ScoringApi api = api(new Settings().token(SecretRef.parse("file:" + file)));
    ask(api);
    Files.writeString(file, "hunter3\n");
    ask(api);
    now = now.plus(BearerToken.KEPT);
    ask(api);
    Files.delete(file);
    now = now.plus(BearerToken.KEPT);
    ask(api);

    assertEquals(
        List.of("Bearer hunter2", "Bearer hunter2", "Bearer hunter3", "Bearer hunter3"),
        server.requests().stream().map(Received::authorization).toList());
  }

  @Test
  void aServerThatTellsTheTokenDoesNotMakeItKnown() throws Exception {
    Path file = Files.writeString(dir.resolve("token"), "hunter2");
    Settings settings = new Settings().token(SecretRef.parse("file:" + file));
    server.always(status(401, "{\"error\": \"bad token hunter2!\"}"));

    ScoringResult result = ask(api(settings));

    assertEquals(
        new ScoringFailure("scoring_refused", "HTTP 401: bad token [token]!"), result.answer());
    assertFalse(settings.config().toString().contains("hunter2"));
  }

  @Test
  void aTokenThatWasReplacedIsLookedUpAnewWhenTheOldOneIsRefused() throws Exception {
    Path file = Files.writeString(dir.resolve("token"), "hunter2");
    ScoringApi api = api(new Settings().token(SecretRef.parse("file:" + file)));
    ask(api);
    Files.writeString(file, "hunter3");
    server.first(status(401, "{\"error\": \"expired\"}"));

    assertInstanceOf(Scores.class, ask(api).answer());

    assertEquals(
        List.of("Bearer hunter2", "Bearer hunter2", "Bearer hunter3"),
        server.requests().stream().map(Received::authorization).toList());
  }

  @Test
  void aTokenThatCannotBeReadOrSentMakesNoCallAndIsNotTold() throws Exception {
    Path file = Files.writeString(dir.resolve("token"), "hun\nter2");
    ScoringApi api = api(new Settings().maxRetries(1).token(SecretRef.parse("file:" + file)));

    ScoringResult unsendable = ask(api);
    Files.delete(file);
    ScoringResult absent = ask(api);

    for (ScoringResult result : List.of(unsendable, absent)) {
      assertEquals("scoring_unavailable", failure(result).reason());
      assertTrue(failure(result).detail().contains("file:" + file), result.toString());
      assertFalse(result.toString().contains("ter2"), result.toString());
      assertEquals(0, result.calls());
    }
    assertEquals(0, server.requests().size());
  }

  @Test
  void aCallThatIsCancelledLetsGoOfItsPlaceAndIsNoFailureOfTheModel() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ScoringApi api = api(new Settings().maxInFlight(1).pauses(OPEN_FOR_GOOD));
    for (int i = 0; i < ModelBreaker.FAILURES; i++) {
      CountDownLatch asked = new CountDownLatch(1);
      server.first(
          exchange -> {
            asked.countDown();
            awaitQuietly(over);
          });
      Future<ScoringResult> call = submit(api, "v1", 1).get(0);
      asked.await();
      call.cancel(true);
    }

    assertInstanceOf(Scores.class, ask(api).answer());
    over.countDown();
  }

  @Test
  void whatCannotBeAskedIsRefusedAtOnce() throws IOException {
    ScoringApi api = api(new Settings());
    long[] one = {1};

    assertThrows(IllegalArgumentException.class, () -> api.submit("../x", one, one));
    assertThrows(IllegalArgumentException.class, () -> api.submit("v1", one, new long[2]));
    assertThrows(IllegalArgumentException.class, () -> api.submit("v1", new long[0], new long[0]));
  }

  @Test
  void equalSettingsShareAClient() throws Exception {
    ScoringApi api = ScoringApi.shared(new Settings().config());
    assertSame(api, ScoringApi.shared(new Settings().url(server.url() + "/").config()));
    assertInstanceOf(Scores.class, ask(api).answer());
  }

  private ScoringApi api(Settings settings) {
    ScoringApi api = new ScoringApi(settings.config(), settings.pauses, () -> now, new Random(7));
    opened.add(api);
    return api;
  }

  private static ScoringResult ask(ScoringApi api) throws InterruptedException, ExecutionException {
    return api.submit("v1", new long[] {7}, new long[] {11}).get();
  }

  private static List<Future<ScoringResult>> submit(ScoringApi api, String version, int calls) {
    List<Future<ScoringResult>> submitted = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      submitted.add(api.submit(version, new long[] {7}, new long[] {i}));
    }
    return submitted;
  }

  private static ScoringFailure failure(ScoringResult result) {
    return assertInstanceOf(ScoringFailure.class, result.answer());
  }

  private long nanosSince(long start, int request) {
    return server.requests().get(request).nanos() - start;
  }

  private long nanosBetween(int request, int later) {
    List<Received> requests = server.requests();
    return requests.get(later).nanos() - requests.get(request).nanos();
  }

  private static Duration ms(int millis) {
    return Duration.ofMillis(millis);
  }

  private static HttpHandler cutShort() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      throw new IOException("cut short");
    };
  }

  /** Sends blanks, which JSON may begin with, until the client hangs up. */
  private static HttpHandler endless(int status, CountDownLatch hungUp, int bytesAtOnce) {
    return exchange -> {
      exchange.sendResponseHeaders(status, 0);
      byte[] blanks = " ".repeat(bytesAtOnce).getBytes(StandardCharsets.UTF_8);
      try (OutputStream body = exchange.getResponseBody()) {
        while (true) {
          body.write(blanks);
          body.flush();
        }
      } catch (IOException e) {
        hungUp.countDown();
      }
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      // Or the time limit of a test could not end it.
      assertFalse(Thread.currentThread().isInterrupted());
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Settings that a test changes only where it is about them. */
  private final class Settings {
    private String url = server.url();
    private @Nullable SecretRef token;
    private int maxInFlight = 2;
    private double maxCallsPerSecond = 10_000;
    private Duration callTimeout = Duration.ofSeconds(10);
    private int maxRetries = 50;
    private Duration maxRetryTime = Duration.ofSeconds(20);
    private Pauses pauses = SHORT;

    ScoringConfig config() {
      return new ScoringConfig(
          url, token, maxInFlight, maxCallsPerSecond, callTimeout, maxRetries, maxRetryTime);
    }

    Settings url(String value) {
      url = value;
      return this;
    }

    Settings token(SecretRef value) {
      token = value;
      return this;
    }

    Settings maxInFlight(int value) {
      maxInFlight = value;
      return this;
    }

    Settings maxCallsPerSecond(double value) {
      maxCallsPerSecond = value;
      return this;
    }

    Settings callTimeout(Duration value) {
      callTimeout = value;
      return this;
    }

    Settings maxRetries(int value) {
      maxRetries = value;
      return this;
    }

    Settings maxRetryTime(Duration value) {
      maxRetryTime = value;
      return this;
    }

    Settings pauses(Pauses value) {
      pauses = value;
      return this;
    }
  }
}
