package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The requests of the driver, over HTTP on loopback. */
final class Protocol implements AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("Snowflake Token=\"([^\"]+)\"");
  private static final Pattern RESULT = Pattern.compile("/queries/([^/]+)/result");

  private final Logins logins;
  private final Sessions sessions;
  private final RunningStatements statements;
  private final SeenStatements seen;
  private final Faults faults;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Protocol(
      int port,
      Logins logins,
      Sessions sessions,
      RunningStatements statements,
      SeenStatements seen,
      Faults faults)
      throws IOException {
    this.logins = logins;
    this.sessions = sessions;
    this.statements = statements;
    this.seen = seen;
    this.faults = faults;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (faults.takeUnavailable()) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      @Nullable ObjectNode answer = answer(exchange, json(exchange, body));
      if (answer == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] bytes = Answers.JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static JsonNode json(HttpExchange exchange, byte[] body) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    byte[] plain =
        zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
    return plain.length == 0 ? Answers.JSON.createObjectNode() : Answers.JSON.readTree(plain);
  }

  private @Nullable ObjectNode answer(HttpExchange exchange, JsonNode body) {
    String path = exchange.getRequestURI().getPath();
    Matcher result = RESULT.matcher(path);
    try {
      if (result.matches()) {
        Session unused = sessions.of(token(exchange));
        return statements.poll(result.group(1));
      }
      return switch (path) {
        case "/session/v1/login-request" ->
            Answers.success(logins.login(query(exchange), body.path("data")));
        case "/session/token-request" -> renewed(token(exchange));
        case "/session" -> {
          sessions.close(token(exchange));
          yield Answers.success(null);
        }
        case "/session/heartbeat" -> {
          Session unused = sessions.of(token(exchange));
          yield Answers.success(null);
        }
        case "/queries/v1/query-request" -> query(exchange, body);
        case "/queries/v1/abort-request" -> statements.abort(body.path("requestId").asText());
        case "/telemetry/send" -> Answers.success(null);
        default -> null;
      };
    } catch (SqlFailure e) {
      return Answers.failure(e, "");
    }
  }

  private ObjectNode query(HttpExchange exchange, JsonNode body) {
    Session session = sessions.of(token(exchange));
    String sql = body.path("sqlText").asText();
    String requestId = query(exchange).getOrDefault("requestId", "");
    seen.add(requestId, sql);
    return statements.start(
        requestId,
        new Statements.Request(
            session, sql, body.path("bindings"), body.path("describeOnly").asBoolean()));
  }

  private static Map<String, String> query(HttpExchange exchange) {
    return UrlQuery.parse(exchange.getRequestURI().getRawQuery());
  }

  private ObjectNode renewed(String masterToken) {
    return Answers.success(
        Answers.JSON
            .createObjectNode()
            .put("sessionToken", sessions.renew(masterToken))
            .put("validityInSecondsST", 3600)
            .put("masterToken", masterToken)
            .put("validityInSecondsMT", 14_400));
  }

  private static String token(HttpExchange exchange) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher token = TOKEN.matcher(header == null ? "" : header);
    return token.find() ? token.group(1) : "";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
