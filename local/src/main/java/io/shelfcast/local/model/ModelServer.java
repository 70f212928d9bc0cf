package io.shelfcast.local.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shelfcast.local.net.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stand-in for the model: an HTTP server on 127.0.0.1 that speaks the Open Inference Protocol,
 * version 2, as KServe, Triton and MLServer do, and that behaves as badly as it is told to.
 */
public final class ModelServer implements AutoCloseable {
  private static final int THREADS = 16;
  private static final int MAX_BODY_BYTES = 8 << 20;
  private static final Set<String> SERVER_PATHS =
      Set.of("/v2", "/v2/health/live", "/v2/health/ready");
  private static final Pattern MODEL_PATH = Pattern.compile("/v2/models/([^/]+)(/ready|/infer)?");
  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

  static {
    // The JDK's server writes an answer in two pieces, and without this the second one waits for
    // the client's delayed acknowledgement of the first: 40 ms a call.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ModelScores scores;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, ModelServer::named);
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(ModelServer::named);
  private final InferCalls calls;

  private ModelServer(HttpServer server, ModelScores scores, Behaviour behaviour, Clock clock) {
    this.server = server;
    this.scores = scores;
    this.calls = new InferCalls(scores, behaviour, clock, threads, later);
  }

  /**
   * Starts it.
   *
   * @param port 0 for one that is free
   * @throws BindException if the port is taken
   */
  public static ModelServer start(int port, ModelScores scores, Behaviour behaviour)
      throws IOException {
    return start(port, scores, behaviour, Clock.systemUTC());
  }

  static ModelServer start(int port, ModelScores scores, Behaviour behaviour, Clock clock)
      throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(Loopback.address(), port), 0);
    ModelServer server = new ModelServer(http, scores, behaviour, clock);
    http.createContext("/", server::handle);
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return "http://" + Loopback.HOST + ":" + server.getAddress().getPort();
  }

  /** How it behaves now. */
  public Behaviour behaviour() {
    return calls.behaviour();
  }

  /** Changes how it behaves. Calls that it has left waiting are dealt with accordingly. */
  public void behave(Behaviour changed) {
    calls.behave(changed);
  }

  /** How many infer calls it has answered with scores. */
  public long callsAnswered() {
    return calls.answered();
  }

  /** How many it has answered with an error, for the caller's fault or as it was told to. */
  public long callsRefused() {
    return calls.refused();
  }

  /** How many it has taken and not answered, as it was told to be silent. */
  public int callsWaiting() {
    return calls.waiting();
  }

  /** How many items were in the calls that it has answered with scores. */
  public long itemsScored() {
    return calls.items();
  }

  /** The greatest number of infer calls in any one second, whatever became of them. */
  public int mostCallsInASecond() {
    return calls.mostInASecond();
  }

  /** Stops at once; calls that are not answered yet lose their connection. */
  @Override
  public void close() {
    later.shutdownNow();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) {
    try {
      String path = exchange.getRequestURI().getPath();
      Matcher model = MODEL_PATH.matcher(path);
      if (SERVER_PATHS.contains(path)) {
        get(exchange, aboutServer(path));
      } else if (!model.matches()) {
        send(exchange, Answer.error(404, "there is nothing at " + path));
      } else if ("/infer".equals(model.group(2))) {
        infer(exchange, model.group(1));
      } else {
        get(exchange, aboutModel(model.group(1), model.group(2)));
      }
    } catch (IOException e) {
      LOG.debug("the caller has gone", e);
      exchange.close();
    } catch (RuntimeException e) {
      LOG.warn("cannot answer {}: {}", exchange.getRequestURI(), e.toString());
      send(exchange, Answer.error(500, "the model server failed: " + e));
    }
  }

  private static Answer aboutServer(String path) {
    return switch (path) {
      case "/v2/health/live" -> Answer.live();
      case "/v2/health/ready" -> Answer.ready();
      default -> Answer.server();
    };
  }

  private Answer aboutModel(String modelVersion, @Nullable String what) {
    if (!scores.knows(modelVersion)) {
      return unknown(modelVersion);
    }
    return what == null ? Answer.model(modelVersion) : Answer.modelReady(modelVersion);
  }

  private static void get(HttpExchange exchange, Answer answer) {
    send(exchange, isMethod(exchange, "GET") ? answer : wrongMethod("GET"));
  }

  private void infer(HttpExchange exchange, String modelVersion) throws IOException {
    calls.arrive();
    byte[] body = body(exchange);
    Answer refusal = null;
    if (!isMethod(exchange, "POST")) {
      refusal = wrongMethod("POST");
    } else if (!scores.knows(modelVersion)) {
      refusal = unknown(modelVersion);
    } else if (body.length > MAX_BODY_BYTES) {
      refusal = Answer.error(413, "the body has more than 8 MB; ask for fewer items");
    } else {
      try {
        InferRequest request = InferRequest.parse(body);
        calls.serve(new InferCalls.Call(modelVersion, request, answer -> send(exchange, answer)));
      } catch (MalformedCallException e) {
        refusal = Answer.error(400, String.valueOf(e.getMessage()));
      }
    }
    if (refusal != null) {
      calls.refuse(refusal, answer -> send(exchange, answer));
    }
  }

  private static Answer unknown(String modelVersion) {
    return Answer.error(404, "there is no model '%s'".formatted(modelVersion));
  }

  private static Answer wrongMethod(String allowed) {
    return Answer.error(405, "only " + allowed + " is allowed here", Map.of("Allow", allowed));
  }

  private static boolean isMethod(HttpExchange exchange, String method) {
    return exchange.getRequestMethod().equals(method);
  }

  /** The body, or of one that is too large the beginning. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
    // To its end: who is cut off while sending does not hear the answer.
    in.transferTo(OutputStream.nullOutputStream());
    return body;
  }

  private static void send(HttpExchange exchange, Answer answer) {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      LOG.debug("the caller has gone", e);
    }
  }

  private static Thread named(Runnable task) {
    Thread thread = new Thread(task, "shelfcast-model-server");
    thread.setDaemon(true);
    return thread;
  }
}
