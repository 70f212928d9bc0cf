package io.shelfcast.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kept-alive HTTP/1.1 connection to the read API. Plain sockets, since whatever a client library
 * does for an answer is missing to the server on the same cores.
 */
final class HttpCalls implements Calls {

  private static final int TIMEOUT_MILLIS = 10_000;

  /** An answer of 1,000 items has 160 kB. */
  private static final int BUFFER_BYTES = 512 << 10;

  /** Of how many answers one is looked at closely. */
  private static final int SAMPLE = 64;

  private final URI server;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private @Nullable Socket socket;
  private int calls;

  HttpCalls(URI server) {
    this.server = server;
  }

  @Override
  public void call(long storeId, Question question) throws IOException {
    try {
      Socket connected = connected();
      connected.getOutputStream().write(request(storeId, question));
      read(connected.getInputStream(), question);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Socket connected() throws IOException {
    Socket known = socket;
    if (known == null) {
      known = new Socket(server.getHost(), server.getPort());
      known.setTcpNoDelay(true);
      known.setSoTimeout(TIMEOUT_MILLIS);
      socket = known;
    }
    return known;
  }

  private byte[] request(long storeId, Question question) {
    String store = "{\"store_id\":" + storeId;
    byte[] head =
        ("POST /v1/availability:batchGet HTTP/1.1\r\nhost: "
                + server.getAuthority()
                + "\r\ncontent-type: application/json\r\ncontent-length: "
                + (store.length() + question.json().length)
                + "\r\n\r\n"
                + store)
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[head.length + question.json().length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(question.json(), 0, request, head.length, question.json().length);
    return request;
  }

  private void read(InputStream in, Question question) throws IOException {
    int length = 0;
    int body = -1;
    while (body < 0) {
      int from = Math.max(0, length - 3);
      length += more(in, length);
      body = endOfHead(from, length);
    }
    String head = new String(buffer, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int end = body + contentLength(head);
    while (length < end) {
      length += more(in, length);
    }
    if (!head.startsWith("http/1.1 200 ")) {
      throw new IOException(head.substring(0, head.indexOf('\r')));
    }
    if (calls++ % SAMPLE == 0) {
      check(new String(buffer, body, end - body, StandardCharsets.UTF_8), question);
    }
  }

  private int more(InputStream in, int length) throws IOException {
    int more = in.read(buffer, length, buffer.length - length);
    if (more <= 0) {
      throw new EOFException("the server has closed the connection");
    }
    return more;
  }

  private int endOfHead(int from, int length) {
    for (int i = from; i + 4 <= length; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private static int contentLength(String head) throws IOException {
    String name = "\r\ncontent-length:";
    int at = head.indexOf(name);
    if (at < 0) {
      throw new IOException("the answer does not tell its length");
    }
    return Integer.parseInt(
        head.substring(at + name.length(), head.indexOf('\r', at + name.length())).strip());
  }

  /** All items are there, each with its score, the last one in its place. */
  private static void check(String answer, Question question) throws IOException {
    int items = 0;
    for (int at = answer.indexOf("\"decision\""); at >= 0; ) {
      items++;
      at = answer.indexOf("\"decision\"", at + 1);
    }
    int last = answer.lastIndexOf("\"product_id\":" + question.lastProduct() + ",");
    if (items != question.products().length
        || last < 0
        || answer.indexOf("\"product_id\"", last + 1) >= 0
        || answer.contains("UNKNOWN")) {
      throw new IOException("an answer is not complete: " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
