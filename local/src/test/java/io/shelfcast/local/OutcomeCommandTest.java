package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.report.DrawnPage;
import io.shelfcast.report.HeadlessChromium;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.SharedData;
import io.shelfcast.store.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * From real outcomes and real scores to a published policy and a promotion, one command after the
 * other, as a user would. The exact answers are known by sorting.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutcomeCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path data =
      Objects.requireNonNull(SharedData.scores().getParent(), "where the scores are");
  private final TestDatabase test = TestDatabase.create();
  @TempDir private static Path home;

  @Test
  @Order(1)
  void segmentsAreBetterThanOneThresholdOutOfTimeAndThatOneIsTheExactOne() throws Exception {
    new ModelRegistry(test.database()).register("realtime-v2", ModelStatus.CANDIDATE);
    new ModelRegistry(test.database()).register("general-v1", ModelStatus.SHADOW);
    new ModelRegistry(test.database()).promote("general-v1");
    run("segments", "load", "--products=" + data.resolve("products.parquet"));

    JsonNode result =
        run(
            "tune",
            "--outcomes=" + data.resolve("outcomes.parquet"),
            "--scores=" + data.resolve("scores/realtime-v2/*.parquet"),
            "--modelVersion=realtime-v2",
            "--targetFoundRate=0.9",
            "--by=category,hourBand",
            // Outcomes are known to the hour, and scores of an hour are from before it.
            "--timeResolution=PT1H",
            "--output=" + home.resolve("tuning"));

    assertEquals(131_078, result.at("/outcomes/used").asLong());
    // By sorting: 0.90654.
    assertEquals(0.90654, result.at("/one_threshold/selection_rate").asDouble(), 1e-4);
    assertTrue(result.at("/found_rate").asDouble() >= 0.9);
    assertTrue(result.at("/selection_rate").asDouble() > 0.91);
    assertEquals("better", result.at("/out_of_time/verdict").asText());
    assertTrue(result.at("/segments").size() > 50);
  }

  @Test
  @Order(2)
  void tunedPolicyIsReadyToPublish() throws Exception {
    run("policy", "publish", home.resolve("tuning/policy.yaml").toString(), "--reason=tuned");

    List<ThresholdRule> rules = new PolicyStore(test.database()).inForce().rules();
    assertTrue(
        rules.stream().anyMatch(rule -> rule.segment().containsKey(SegmentAttribute.HOUR_BAND)));
  }

  @Test
  @Order(3)
  void realtimeShowsHalfAsMuchAgainAsGeneralAndThePromotionIsTold() throws Exception {
    JsonNode result =
        run(
            "compare",
            "--outcomes=" + data.resolve("outcomes.parquet"),
            "--scores=" + data.resolve("scores/*/*.parquet"),
            "--models=general-v1,realtime-v2",
            "--by=category",
            "--timeResolution=PT1H",
            "--output=" + home.resolve("comparison"));

    // By sorting: 0.60133 and 0.90654.
    assertEquals(0.60133, selectionAt90(result.at("/models/0")), 1e-4);
    assertEquals(0.90654, selectionAt90(result.at("/models/1")), 1e-4);
    assertEquals(0, result.at("/worse_segments").asInt());

    Command.Ended promoted =
        Command.run(home, with("models", "promote", "realtime-v2", "--require-comparison"));
    assertEquals(0, promoted.exitCode(), promoted.err());
    assertThat(promoted.err(), containsString("realtime-v2 shows 90.6 % of 131,078 outcomes"));
  }

  @Test
  @Order(4)
  void reportsShowTheirPlotsInABrowser() throws Exception {
    HeadlessChromium chromium = HeadlessChromium.orSkip();

    DrawnPage tuning = DrawnPage.of(chromium, home.resolve("tuning/report.html"), 1200);
    assertEquals(List.of(), tuning.problems());
    // One of everything, the calibration, and the largest segments.
    assertEquals(2 + 36, tuning.plots().size());

    DrawnPage comparison = DrawnPage.of(chromium, home.resolve("comparison/report.html"), 1200);
    assertEquals(List.of(), comparison.problems());
    assertEquals(3 + 22, comparison.plots().size());
  }

  private static double selectionAt90(JsonNode model) {
    for (JsonNode selection : model.at("/selection")) {
      if (selection.at("/found_rate").asDouble() == 0.9) {
        return selection.at("/selection_rate").asDouble();
      }
    }
    throw new AssertionError("there is no found rate of 0.9 in " + model);
  }

  private JsonNode run(String... arguments) throws Exception {
    Command.Ended ended = Command.run(home, with(arguments));
    assertEquals(0, ended.exitCode(), ended.err());
    return JSON.readTree(ended.out());
  }

  private String[] with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--jdbcUrl=" + test.config().jdbcUrl());
    all.add("--jdbcUser=" + test.config().user());
    return all.toArray(new String[0]);
  }
}
