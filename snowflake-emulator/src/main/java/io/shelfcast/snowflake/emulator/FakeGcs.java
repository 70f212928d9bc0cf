package io.shelfcast.snowflake.emulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for Google Cloud Storage on loopback. It speaks as much of the JSON API as Beam's own
 * GCS file system uses to find and read files: the list of a bucket's objects under a prefix, in
 * pages of two; an object's metadata, alone or several in a batch; its content, whole or by Range;
 * its deletion, alone or in a batch. What it does not speak it refuses, with 400, which no client
 * tries again: no test passes by an answer made up.
 *
 * <p>It shows that our code finds and reads files through that file system. It proves nothing of
 * credentials and access rights, of retries on Google's errors, of objects that change while they
 * are read, of object names that JSON has to escape, or of speed.
 */
public final class FakeGcs implements AutoCloseable {

  private static final Pattern LIST = Pattern.compile("/storage/v1/b/([^/]+)/o");
  private static final Pattern OBJECT =
      Pattern.compile("/(?:download/)?storage/v1/b/([^/]+)/o/([^/?]+)");
  private static final Pattern IN_BATCH =
      Pattern.compile("^(GET|DELETE) (?:http://[^/]+)?([^ ?]+)", Pattern.MULTILINE);
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final int PAGE = 2;

  private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  public FakeGcs() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The options that point Beam here, and others. */
  public String[] options(String... others) {
    List<String> options = new ArrayList<>(List.of(others));
    options.add("--gcsEndpoint=http://" + address() + "/storage/v1/");
    options.add(
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
    options.add("--project=test");
    return options.toArray(new String[0]);
  }

  public void put(String bucket, String name, byte[] content) {
    objects.put(bucket + "/" + name, content);
  }

  /** The names in a bucket that begin with this, in their order. */
  public List<String> names(String bucket, String prefix) {
    String start = bucket + "/" + prefix;
    return objects.tailMap(start).keySet().stream()
        .takeWhile(key -> key.startsWith(start))
        .map(key -> key.substring(bucket.length() + 1))
        .toList();
  }

  /** An object's content, or null if there is none. */
  public byte @Nullable [] get(String bucket, String name) {
    return objects.get(bucket + "/" + name);
  }

  /** What was asked until now, as the method, the path with its query, and the range. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getRawPath();
    @Nullable String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(
        "%s %s %s".formatted(method, exchange.getRequestURI(), range == null ? "all" : range));
    Map<String, String> query = UrlQuery.parse(exchange.getRequestURI().getRawQuery());
    Matcher list = LIST.matcher(path);
    Matcher object = OBJECT.matcher(path);
    if (method.equals("POST") && path.startsWith("/batch")) {
      send(exchange, 200, "multipart/mixed; boundary=part", batch(body));
    } else if (method.equals("DELETE") && object.matches()) {
      boolean there = objects.remove(key(object)) != null;
      send(exchange, there ? 204 : 404, "application/json", there ? "" : metadata(key(object)));
    } else if (method.equals("GET") && list.matches()) {
      send(exchange, 200, "application/json", list(list.group(1), query));
    } else if (method.equals("GET") && object.matches()) {
      String key = key(object);
      byte @Nullable [] content = objects.get(key);
      if (content != null && "media".equals(query.get("alt"))) {
        download(exchange, content, range);
      } else {
        send(exchange, content == null ? 404 : 200, "application/json", metadata(key));
      }
    } else {
      send(exchange, 400, "text/plain", "the stand-in does not speak this");
    }
  }

  private String list(String bucket, Map<String, String> query) {
    String prefix = bucket + "/" + query.getOrDefault("prefix", "");
    String from = query.getOrDefault("pageToken", prefix);
    List<String> keys =
        objects.tailMap(from).keySet().stream()
            .takeWhile(key -> key.startsWith(prefix))
            .limit(PAGE + 1)
            .toList();
    String items = keys.stream().limit(PAGE).map(this::metadata).collect(Collectors.joining(","));
    String next = keys.size() > PAGE ? ",\"nextPageToken\":\"%s\"".formatted(keys.get(PAGE)) : "";
    return "{\"kind\":\"storage#objects\",\"items\":[%s]%s}".formatted(items, next);
  }

  /** The parts are answered in their order, which is how the client tells them apart. */
  private String batch(String body) {
    return IN_BATCH
        .matcher(body)
        .results()
        .map(part -> answerInBatch(part.group(1), part.group(2)))
        .collect(Collectors.joining("", "", "--part--\r\n"));
  }

  private String answerInBatch(String method, String path) {
    Matcher object = OBJECT.matcher(path);
    boolean known = object.matches();
    String key = known ? key(object) : path;
    if (method.equals("DELETE") && objects.remove(key) != null) {
      return "--part\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
    }
    String json = metadata(key);
    return """
        --part\r
        Content-Type: application/http\r
        \r
        HTTP/1.1 %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        %s\r
        """
        .formatted(objects.containsKey(key) ? "200 OK" : "404 Not Found", json.length(), json);
  }

  private static void download(HttpExchange exchange, byte[] content, @Nullable String range)
      throws IOException {
    Matcher asked = RANGE.matcher(range == null ? "bytes=0-" : range);
    if (!asked.matches() || Integer.parseInt(asked.group(1)) >= content.length) {
      send(exchange, 416, "text/plain", "");
      return;
    }
    int from = Integer.parseInt(asked.group(1));
    int last = asked.group(2).isEmpty() ? content.length - 1 : Integer.parseInt(asked.group(2));
    byte[] part = Arrays.copyOfRange(content, from, Math.min(last + 1, content.length));
    exchange
        .getResponseHeaders()
        .set(
            "Content-Range",
            "bytes %d-%d/%d".formatted(from, from + part.length - 1, content.length));
    exchange.getResponseHeaders().set("X-Goog-Generation", "1");
    send(exchange, range == null ? 200 : 206, "application/octet-stream", part);
  }

  /** An object's metadata, or that there is none. */
  private String metadata(String key) {
    byte @Nullable [] content = objects.get(key);
    if (content == null) {
      return """
          {"error":{"code":404,"message":"Not Found","errors":[{"reason":"notFound"}]}}""";
    }
    int slash = key.indexOf('/');
    return """
        {"kind":"storage#object","bucket":"%s","name":"%s","size":"%d","generation":"1",\
        "metageneration":"1","etag":"1","contentType":"application/octet-stream",\
        "timeCreated":"2026-01-01T00:00:00.000Z","updated":"2026-01-01T00:00:00.000Z"}"""
        .formatted(key.substring(0, slash), key.substring(slash + 1), content.length);
  }

  private static String key(MatchResult object) {
    return object.group(1) + "/" + URLDecoder.decode(object.group(2), StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int code, String type, String body)
      throws IOException {
    send(exchange, code, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
