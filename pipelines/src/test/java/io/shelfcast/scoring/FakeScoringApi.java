package io.shelfcast.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for a scoring API on loopback: a real HTTP server, which answers as a test says, and
 * otherwise with a score of a half for each item. It shows what goes over the wire and what our
 * client makes of the answers. It proves nothing of KServe, Triton or MLServer, of TLS, or of
 * speed.
 */
public final class FakeScoringApi implements AutoCloseable {

  /** A request as it came. */
  public record Received(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable String authorization,
      String body,
      long nanos) {}

  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final Queue<HttpHandler> next = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile HttpHandler otherwise = FakeScoringApi::answerHalves;

  public FakeScoringApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What answers the requests that come next, one each. */
  public FakeScoringApi first(HttpHandler... answers) {
    next.addAll(List.of(answers));
    return this;
  }

  /** What answers when nothing else is said. */
  public FakeScoringApi always(HttpHandler answer) {
    otherwise = answer;
    return this;
  }

  public List<Received> requests() {
    return requests;
  }

  /** An answer with a status, a body, and headers as name, value, name, value. */
  public static HttpHandler status(int status, String body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  public static void answerHalves(HttpExchange exchange) throws IOException {
    int items = itemsOf(((Received) exchange.getAttribute("received")).body());
    status(200, scores(items)).handle(exchange);
  }

  /** A body with a score of a half for each item. */
  public static String scores(int items) {
    return """
        {"model_name": "m", "outputs": [
          {"name": "score", "shape": [%d], "datatype": "FP32", "data": [%s]}]}"""
        .formatted(items, "0.5" + ",0.5".repeat(items - 1));
  }

  private static int itemsOf(String body) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(body)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("shape")) {
          json.nextToken();
          return json.nextIntValue(-1);
        }
      }
    }
    throw new IOException("a request without a shape");
  }

  private void handle(HttpExchange exchange) throws IOException {
    long nanos = System.nanoTime();
    Received received =
        new Received(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            nanos);
    exchange.setAttribute("received", received);
    requests.add(received);
    HttpHandler answer = next.poll();
    (answer == null ? otherwise : answer).handle(exchange);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
