package io.shelfcast.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ReadLoadTest {

  private static final Question.Mix MIX = new Question.Mix(2, 3, 4);

  /** A connection whose first answer takes long, and the others no time. */
  private static final class SlowAtFirst implements Calls {
    static final long NANOS = 100_000_000;

    private boolean isFirst = true;

    @Override
    public void call(long storeId, Question question) {
      long until = System.nanoTime() + (isFirst ? NANOS : 0);
      isFirst = false;
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void requestsThatAreLateBehindASlowOneCountAsSlow() throws Exception {
    try (ReadLoad load = new ReadLoad(List.of(new SlowAtFirst()))) {
      Latencies latencies = load.open(MIX, 1000, 0.2);
      assertEquals(200, latencies.count());
      assertEquals(0, latencies.failures());
      // One is due each millisecond: half of those of the slow one's time wait for 50 ms and more.
      long slow = latencies.histogram().getCountBetweenValues(50_000_000, Long.MAX_VALUE / 2);
      assertTrue(slow >= 50, () -> slow + " of 200 requests are slow");
    }
  }

  @Test
  void whatCannotBeAskedFails() throws Exception {
    Calls broken =
        new Calls() {
          @Override
          public void call(long storeId, Question question) throws IOException {
            throw new IOException("broken");
          }

          @Override
          public void close() {}
        };
    try (ReadLoad load = new ReadLoad(List.of(broken))) {
      assertEquals(20, load.open(MIX, 1000, 0.02).failures());
    }
  }

  @Test
  void anAnswerHasToBeCompleteAndOk() throws Exception {
    Question question = new Question.Mix(2, 3, 2).any();
    String item = "{\"product_id\":%d,\"decision\":\"OUT\"}";
    String first = item.formatted(1 - question.lastProduct());
    String second = item.formatted(question.lastProduct());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String[] answer = {"[" + first + "," + second + "]"};
    int[] status = {200};
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] body = answer[0].getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status[0], body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (HttpCalls calls = new HttpCalls(url)) {
      calls.call(1, question);
      status[0] = 503;
      assertThrows(IOException.class, () -> calls.call(1, question));
    } finally {
      answer[0] = "[" + first + "]";
      status[0] = 200;
    }
    try (HttpCalls calls = new HttpCalls(url)) {
      assertThrows(IOException.class, () -> calls.call(1, question));
    } finally {
      server.stop(0);
    }
  }
}
