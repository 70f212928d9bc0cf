package io.shelfcast.fullsync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for Google Cloud Storage on loopback: as much of its JSON API as Beam's own GCS file
 * system uses to find and read files (list, metadata one by one and in a batch, download with
 * Range). It shows that our code reads through that file system; it proves nothing of access
 * rights, of retries on Google's errors, or of speed.
 */
final class FakeGcs implements AutoCloseable {

  private static final Pattern LIST = Pattern.compile("/storage/v1/b/([^/]+)/o");
  private static final Pattern OBJECT =
      Pattern.compile("/(?:download/)?storage/v1/b/([^/]+)/o/(.+)");
  private static final Pattern IN_BATCH =
      Pattern.compile("GET (?:http://[^/]+)?(/storage/v1/b/[^/]+/o/[^ ?]+)\\S* HTTP");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final String NOT_FOUND =
      "{\"error\":{\"code\":404,\"message\":\"Not Found\",\"errors\":[{\"reason\":\"notFound\"}]}}";

  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  FakeGcs() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The options that point Beam here. */
  String[] options(String... others) {
    List<String> options = new ArrayList<>(List.of(others));
    options.add("--gcsEndpoint=http://127.0.0.1:" + server.getAddress().getPort() + "/storage/v1/");
    options.add(
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
    options.add("--project=test");
    return options.toArray(new String[0]);
  }

  void put(String bucket, String name, byte[] content) {
    objects.put(bucket + "/" + name, content);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    String path = exchange.getRequestURI().getRawPath();
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    Matcher list = LIST.matcher(path);
    if (path.startsWith("/batch")) {
      batch(exchange, body);
    } else if (list.matches()) {
      send(exchange, 200, "application/json", list(list.group(1), query));
    } else if ("media".equals(query.get("alt")) && find(path) != null) {
      download(exchange, find(path));
    } else {
      send(exchange, find(path) == null ? 404 : 200, "application/json", metadata(path));
    }
  }

  private String list(String bucket, Map<String, String> query) {
    String prefix = bucket + "/" + query.getOrDefault("prefix", "");
    List<String> items = new ArrayList<>();
    for (Map.Entry<String, byte[]> object : objects.tailMap(prefix).entrySet()) {
      if (object.getKey().startsWith(prefix)) {
        items.add(metadata(object.getKey(), object.getValue()));
      }
    }
    return "{\"kind\":\"storage#objects\",\"items\":[%s]}".formatted(String.join(",", items));
  }

  private void batch(HttpExchange exchange, String body) throws IOException {
    StringBuilder answer = new StringBuilder();
    Matcher part = IN_BATCH.matcher(body);
    for (int i = 1; part.find(); i++) {
      String status = find(part.group(1)) == null ? "404 Not Found" : "200 OK";
      String json = metadata(part.group(1));
      answer.append(
          """
          --part\r
          Content-Type: application/http\r
          Content-ID: <response-%d>\r
          \r
          HTTP/1.1 %s\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          %s\r
          """
              .formatted(i, status, json.length(), json));
    }
    send(exchange, 200, "multipart/mixed; boundary=part", answer + "--part--\r\n");
  }

  private static void download(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    Matcher asked = RANGE.matcher(range == null ? "bytes=0-" : range);
    asked.matches();
    int from = Integer.parseInt(asked.group(1));
    int to = asked.group(2).isEmpty() ? content.length : Integer.parseInt(asked.group(2)) + 1;
    if (from >= content.length) {
      send(exchange, 416, "text/plain", "");
      return;
    }
    byte[] part = Arrays.copyOfRange(content, from, Math.min(to, content.length));
    exchange
        .getResponseHeaders()
        .add(
            "Content-Range",
            "bytes %d-%d/%d".formatted(from, from + part.length - 1, content.length));
    exchange.getResponseHeaders().add("X-Goog-Generation", "1");
    send(exchange, range == null ? 200 : 206, "application/octet-stream", part);
  }

  private byte[] find(String path) {
    Matcher object = OBJECT.matcher(path);
    return object.matches()
        ? objects.get(
            object.group(1) + "/" + URLDecoder.decode(object.group(2), StandardCharsets.UTF_8))
        : null;
  }

  private String metadata(String path) {
    Matcher object = OBJECT.matcher(path);
    byte[] content = find(path);
    return content == null || !object.matches()
        ? NOT_FOUND
        : metadata(
            object.group(1) + "/" + URLDecoder.decode(object.group(2), StandardCharsets.UTF_8),
            content);
  }

  private static String metadata(String key, byte[] content) {
    int slash = key.indexOf('/');
    return ("{\"kind\":\"storage#object\",\"bucket\":\"%s\",\"name\":\"%s\",\"size\":\"%d\","
            + "\"generation\":\"1\",\"metageneration\":\"1\",\"etag\":\"1\","
            + "\"contentType\":\"application/octet-stream\","
            + "\"timeCreated\":\"2026-01-01T00:00:00.000Z\",\"updated\":\"2026-01-01T00:00:00.000Z\"}")
        .formatted(key.substring(0, slash), key.substring(slash + 1), content.length);
  }

  private static Map<String, String> query(String query) {
    Map<String, String> values = new HashMap<>();
    for (String pair : (query == null ? "" : query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return values;
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
