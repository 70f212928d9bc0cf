package io.shelfcast.local.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays searches against a server, over HTTP, so many a second whatever the server makes of them:
 * the time of one counts from when it was due, so a server that is slow for a while does not look
 * better for being asked less.
 */
public final class Searches implements AutoCloseable {

  private static final int MOST_IN_FLIGHT = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI uri;
  private final int rate;
  private final SearchMix mix;
  private final ReadCounts counts = new ReadCounts();
  private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
  private final Thread player = new Thread(this::play, "shelfcast-searches");
  private volatile boolean stopping;
  private volatile @Nullable String failure;

  private Searches(String url, int rate, SearchMix mix) {
    this.uri = URI.create(url + "/v1/availability:batchGet");
    this.rate = rate;
    this.mix = mix;
  }

  /**
   * Starts to play.
   *
   * @param url the server's
   * @param rate searches a second
   */
  public static Searches start(String url, int rate, int stores, int itemsPerStore, long seed) {
    Searches searches = new Searches(url, rate, new SearchMix(stores, itemsPerStore, seed));
    searches.player.setDaemon(true);
    searches.player.start();
    return searches;
  }

  /** What became of them since this was last asked. For one thread. */
  public ReadFigures take() {
    return counts.take();
  }

  /** Why the last one failed that did. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private void play() {
    long startedAt = System.nanoTime();
    try {
      for (long i = 0; !stopping; i++) {
        long dueAt = startedAt + i * TimeUnit.SECONDS.toNanos(1) / rate;
        TimeUnit.NANOSECONDS.sleep(dueAt - System.nanoTime());
        inFlight.acquire();
        send(mix.next(), dueAt);
      }
    } catch (InterruptedException e) {
      // By close: nothing more is to be sent.
    }
  }

  private void send(Search search, long dueAt) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(search.body()))
            .build();
    var unused =
        http.sendAsync(request, BodyHandlers.ofString())
            .whenComplete(
                (response, failed) -> {
                  inFlight.release();
                  ended(search, dueAt, response, failed);
                });
  }

  private void ended(
      Search search,
      long dueAt,
      @Nullable HttpResponse<String> response,
      @Nullable Throwable failed) {
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueAt);
    if (response == null || response.statusCode() != 200) {
      fail(response == null ? String.valueOf(failed) : response.body());
      return;
    }
    try {
      SearchAnswer answer = SearchAnswer.parse(response.body());
      search.session().answered(answer.token());
      counts.answered(answer, micros);
    } catch (IOException e) {
      fail("it is not to be understood: " + e.getMessage());
    }
  }

  private void fail(String why) {
    // What is under way as the server stops did not fail.
    if (!stopping) {
      counts.failed();
      failure = why;
    }
  }

  /** Sends no more, and waits for the answers that are still to come. */
  @Override
  public void close() {
    stopping = true;
    player.interrupt();
    try {
      player.join(PATIENCE.toMillis());
      if (inFlight.tryAcquire(MOST_IN_FLIGHT, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        inFlight.release(MOST_IN_FLIGHT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
