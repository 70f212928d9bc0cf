package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.kafka.Topic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that run what refresh needs, as a user has them. */
class RefreshPartsCommandsTest {

  private static final Pattern LISTENING =
      Pattern.compile("listening on (?:http://)?(127\\.0\\.0\\.1:\\d+)");
  private static final int TOLD_TO_END = 128 + 15;

  @TempDir private static Path home;

  @Test
  void aRequestGoesToTheBrokerThatRunsOrToOneThatRunsForIt() throws Exception {
    Command kafka = Command.start(home, "kafka");
    try {
      String address = addressOf(kafka);
      assertTrue(kafka.err().contains("data in " + home.toRealPath().resolve("kafka")));
      String[] request = {
        "request", "--store=7", "--products=11,12", "--requestedAt=2024-06-08T06:00:00Z"
      };
      Command.Ended sent = Command.run(home, request);
      assertEquals(0, sent.exitCode(), sent.err());
      assertEquals("", sent.out());
      assertTrue(
          sent.err()
              .matches(
                  "request: 2 items of store 7 sent to availability.refresh-requests,"
                      + " partition [0-7], offset 0\n"),
          sent.err());
      ConsumerRecord<String, String> record = requests(address).get(0);
      assertEquals("7", record.key());
      assertEquals(
          "{\"store_id\":7,\"product_ids\":[11,12],\"requested_at\":\"2024-06-08T06:00:00Z\","
              + "\"source\":\"command-line\"}",
          record.value());

      assertFails(1, "it listens on " + address, "kafka");
    } finally {
      kafka.signal("TERM");
    }
    Command.Ended stopped = kafka.await();
    assertEquals(TOLD_TO_END, stopped.exitCode());
    assertEquals("", stopped.out());
    assertEquals(1, stopped.err().lines().count(), stopped.err());

    Command.Ended alone =
        Command.run(home, "request", "--store=7", "--products=11", "--source=test");
    assertEquals(0, alone.exitCode(), alone.err());
    assertTrue(alone.err().startsWith("request: 1 item of store 7 sent to"), alone.err());
    assertTrue(alone.err().endsWith(", offset 1\n"), alone.err());
    try (LocalKafka reopened = LocalKafka.open(home)) {
      assertEquals(2, requests(reopened.bootstrapServers()).size());
    }
  }

  @Test
  void theModelServerAnswersUntilItIsStoppedAndSaysHowOften() throws Exception {
    Command server =
        Command.start(home, "model-server", "--port=0", "--models=a,b", "--latency=PT0.001S");
    String address;
    try {
      address = addressOf(server);
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + address + "/v2/models/a/infer"))
                      .POST(
                          BodyPublishers.ofString(
                              """
                              {"inputs": [
                                {"name": "store_id", "datatype": "INT64", "shape": [1], "data": [7]},
                                {"name": "product_id", "datatype": "INT64", "shape": [1], "data": [1]}]}
                              """))
                      .build(),
                  BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      String port = address.substring(address.indexOf(':') + 1);
      assertFails(1, "port " + port + " is taken", "model-server", "--port=" + port);
    } finally {
      server.signal("TERM");
    }
    Command.Ended stopped = server.await();
    assertEquals(TOLD_TO_END, stopped.exitCode());
    assertEquals("", stopped.out());
    assertEquals(
        "model server: listening on http://%s\n".formatted(address)
            + "model server: 1 calls answered, 0 refused, 1 items scored\n",
        stopped.err());
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() {
    assertRefused(2, "write a whole number from 0 to", "request", "--store=-1", "--products=1");
    assertRefused(2, "'x' is not an id", "request", "--store=1", "--products=1,x");
    assertRefused(2, "--products", "request", "--store=1");
    assertRefused(
        2,
        "write for example 2024-06-08T06:00:00Z",
        "request",
        "--store=1",
        "--products=1",
        "--requestedAt=now");
    assertRefused(
        2,
        "write HOST:PORT",
        "request",
        "--store=1",
        "--products=1",
        "--bootstrapServers=localhost");
    assertRefused(2, "write a whole number from 0 to 65535", "kafka", "--port=99999");
    assertRefused(2, "write for example PT0.02S", "model-server", "--latency=20");
    assertRefused(2, "--errorRate 1.5 is outside [0, 1]", "model-server", "--errorRate=1.5");
    assertRefused(2, "--models has 'a b'", "model-server", "--models=a b");
    assertRefused(1, "No files matched spec", "model-server", "--scores=" + home + "/none/*");
  }

  private static List<ConsumerRecord<String, String>> requests(String address) {
    return Topic.read(address, RefreshRequest.TOPIC);
  }

  private static String addressOf(Command command) throws Exception {
    command.until(() -> LISTENING.matcher(command.err()).find());
    Matcher listening = LISTENING.matcher(command.err());
    assertTrue(listening.find());
    return listening.group(1);
  }

  /** In this process: what is wrong with the arguments is told before anything is done. */
  private static void assertRefused(int exitCode, String message, String... arguments) {
    PrintStream standardError = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(exitCode, Main.run(arguments));
    } finally {
      System.setErr(standardError);
    }
    String err = said.toString(StandardCharsets.UTF_8);
    assertTrue(err.contains(message), err);
    assertEquals(1, err.lines().count(), err);
  }

  private static void assertFails(int exitCode, String message, String... arguments)
      throws Exception {
    Command.Ended ended = Command.run(home, arguments);
    assertTrue(ended.err().contains(message), ended.err());
    assertEquals(exitCode, ended.exitCode(), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
  }
}
