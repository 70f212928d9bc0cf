package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainTest {

  private static final String BODY = "{\"store_id\":7,\"product_ids\":[11]}";
  private static final byte[] REQUEST =
      ("POST /v1/availability:batchGet HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
              + "content-length: "
              + BODY.length()
              + "\r\n\r\n"
              + BODY)
          .getBytes(StandardCharsets.US_ASCII);

  /** Clients that come again and again, deaf to what readiness says. */
  @Test
  void underLoadNobodyWhoseRequestWasBegunToBeAnsweredIsCutOff() throws Exception {
    TestDatabase database = TestDatabase.create();
    short model = Serving.model(database, "m1");
    new ModelRegistry(database.database()).promote("m1");
    Serving.score(database, model, 7, 11, 0.9, Duration.ofSeconds(1));
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger cutOff = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try (Serving serving = Serving.start(Serving.settings(database.config()))) {
      int port = serving.server.port();
      List<Future<?>> runs = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        runs.add(clients.submit(() -> ask(port, answered, cutOff)));
      }
      while (answered.get() < 1_000) {
        Thread.sleep(1);
      }
      long started = System.nanoTime();
      serving.server.close();
      assertTrue(System.nanoTime() - started < Duration.ofSeconds(9).toNanos(), "it took too long");
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      clients.shutdownNow();
    }
    assertEquals(0, cutOff.get(), answered.get() + " were answered");
  }

  /** Until it cannot connect any more. */
  private static void ask(int port, AtomicInteger answered, AtomicInteger cutOff) {
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        while (true) {
          socket.getOutputStream().write(REQUEST);
          String head = head(in);
          if (head.isEmpty()) {
            break; // Closed before anything was answered: to be sent anew, elsewhere.
          }
          if (!head.startsWith("http/1.1 200")) {
            cutOff.incrementAndGet();
            return;
          }
          int length = Integer.parseInt(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
          if (in.readNBytes(length).length < length) {
            cutOff.incrementAndGet();
            return;
          }
          answered.incrementAndGet();
          if (head.contains("connection: close")) {
            break;
          }
        }
      } catch (java.net.ConnectException e) {
        return;
      } catch (IOException e) {
        // Reset before anything was answered.
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(java.util.Locale.ROOT);
  }
}
