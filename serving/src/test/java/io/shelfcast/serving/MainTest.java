package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as a process of its own, as an image starts it. */
@Timeout(60)
class MainTest {

  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

  private static Process start(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.shelfcast.serving.Main"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).start();
  }

  @Test
  void answersUntilItIsToldToStopAndLogsAnObjectALine() throws Exception {
    TestDatabase database = TestDatabase.create();
    short model = Serving.model(database, "m1");
    new ModelRegistry(database.database()).promote("m1");
    Serving.score(database, model, 7, 11, 0.9, Duration.ofSeconds(1));
    Process process =
        start(
            "--port=0",
            "--host=127.0.0.1",
            "--jdbcUrl=" + database.config().jdbcUrl(),
            "--jdbcUser=" + database.config().user());
    try (BufferedReader err = process.errorReader()) {
      String url = null;
      List<String> log = new ArrayList<>();
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          url = listening.group(1);
        } else {
          log.add(line);
        }
        if (url != null && log.stream().anyMatch(l -> l.contains("live model version: m1"))) {
          break;
        }
      }
      for (String line : log) {
        JsonNode record = Serving.JSON.readTree(line);
        assertTrue(record.has("time") && record.has("severity"), line);
        assertTrue(record.get("message").isTextual(), line);
      }
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/v1/availability:batchGet"))
                      .header("content-type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"store_id\":7,\"product_ids\":[11]}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode(), response.body());

      process.destroy(); // SIGTERM.
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(143, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--maxAge=PT1H,serch=PT1M | --maxAge names the surface 'serch'",
        "--tokenTtl=30 | '30' is not a duration: write for example",
        "--conections=3 | --conections",
      })
  void aWrongOptionIsToldInOneLine(String option, String words) throws Exception {
    Process process = start("--jdbcUrl=jdbc:postgresql://127.0.0.1:1/x", option);
    String told =
        new String(
            process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(2, process.exitValue(), told);
    assertEquals(1, told.lines().count(), told);
    assertTrue(told.contains(words), told);
    assertFalse(told.contains("Exception"), told);
  }
}
