package io.shelfcast.scoring;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes one HTTP call of the Open Inference Protocol, version 2, and says what came of it. */
final class InferenceEndpoint {

  /** Far more than the scores of any request; what is longer is no answer of the protocol. */
  static final int MAX_ANSWER_BYTES = 16 << 20;

  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int MAX_ERROR_CHARS = 200;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String url;
  private final Duration timeout;
  private final InstantSource clock;
  private final HttpClient http;

  InferenceEndpoint(ScoringConfig config, InstantSource clock) {
    this.url = config.url();
    this.timeout = config.callTimeout();
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT)
            .build();
  }

  /**
   * Asks once.
   *
   * @param request as {@link InferenceRequest} makes it
   * @param items how many scores there have to be
   * @param token the bearer token; null: none
   */
  Outcome ask(String modelVersion, byte[] request, int items, @Nullable String token)
      throws InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(URI.create(url + "/v2/models/" + modelVersion + "/infer"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(request));
    if (token != null) {
      post.header("Authorization", "Bearer " + token);
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(
            post.build(),
            head -> new BoundedBody(isSuccess(head) ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES));
    try {
      // A timeout of the request would end with the headers, before JDK 26: a body may still stall.
      return outcome(exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS), items, token);
    } catch (TimeoutException e) {
      return new Outcome.Again("no answer within " + timeout, Duration.ZERO, true);
    } catch (ExecutionException e) {
      return new Outcome.Again(describe(e.getCause()), Duration.ZERO, true);
    } finally {
      // Once it is over this does nothing; otherwise it closes the connection.
      exchange.cancel(true);
    }
  }

  private Outcome outcome(HttpResponse<byte[]> response, int items, @Nullable String token) {
    Instant arrived = clock.instant();
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Outcome.Final(
          response.body().length >= MAX_ANSWER_BYTES
              ? ScoringFailure.malformed("the answer is longer than " + MAX_ANSWER_BYTES + " bytes")
              : InferenceAnswer.read(response.body(), items, arrived));
    }
    String error = error(status, response.body(), token);
    if (status == 408 || status == 429 || status / 100 == 5) {
      Duration retryAfter =
          response
              .headers()
              .firstValue("Retry-After")
              .map(text -> RetryAfter.parse(text, arrived))
              .orElse(Duration.ZERO);
      return new Outcome.Again(error, retryAfter, status != 429);
    }
    if (status == 401) {
      return new Outcome.Unauthorized(error);
    }
    return new Outcome.Final(
        status == 404 ? ScoringFailure.modelUnknown(error) : ScoringFailure.refused(error));
  }

  private static boolean isSuccess(HttpResponse.ResponseInfo head) {
    return head.statusCode() / 100 == 2;
  }

  private static String error(int status, byte[] body, @Nullable String token) {
    String text = InferenceAnswer.error(body);
    if (token != null) {
      // A server may tell what it did not like about the request, and this must not go further.
      text = text.replace(token, "[token]");
    }
    return text.isEmpty()
        ? "HTTP " + status
        : "HTTP " + status + ": " + OneLine.of(text, MAX_ERROR_CHARS);
  }

  private String describe(@Nullable Throwable error) {
    if (error instanceof HttpTimeoutException) {
      return "no connection to " + url + " in time";
    }
    if (error instanceof ConnectException) {
      // The client gives it no message of its own.
      return "no connection to " + url;
    }
    if (error instanceof IOException && error.getMessage() != null) {
      return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
    return String.valueOf(error);
  }
}
