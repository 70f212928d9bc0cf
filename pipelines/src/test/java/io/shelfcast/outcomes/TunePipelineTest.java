package io.shelfcast.outcomes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import io.shelfcast.run.FailureMessage;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tuning from files to files, on constructed outcomes whose thresholds are known. */
class TunePipelineTest {

  private static final String[] TO_FIND_ALL = {
    "--modelVersion=m", "--targetFoundRate=1", "--minEvidence=1"
  };

  private final TestDatabase database = TestDatabase.create();
  @TempDir private Path folder;

  @Test
  void everyOutcomeIsHeldAgainstTheScoreInForceAtItsTime() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    files.scores(
        List.of(
            "1,1,m,0.2,2024-06-08T06:00:00Z",
            "1,1,m,0.9,2024-06-08T12:00:00Z",
            // Of two scores of one time the greater one is in force.
            "1,2,m,0.8,2024-06-08T06:00:00Z",
            "1,2,m,0.3,2024-06-08T06:00:00Z",
            "1,3,other,0.1,2024-06-08T06:00:00Z",
            "1,9,m,0.1,2024-06-08T06:00:00Z"));
    files.outcomes(
        List.of(
            // Just before the second score, and at its very moment.
            "a,1,1,2024-06-08T11:59:59.999999Z,false",
            "b,1,1,2024-06-08T12:00:00Z,true",
            "c,1,2,2024-06-09T00:00:00Z,true",
            // The same line of an order again, in other words.
            "c,1,2,2024-06-09 00:00:00,1",
            "d,1,2,2024-06-08T05:59:59Z,true",
            // Neither has a score of this model version.
            "e,1,3,2024-06-09T00:00:00Z,false",
            "f,7,1,2024-06-09T00:00:00Z,false",
            "g,1,1,2024-06-09T00:00:00Z,perhaps",
            "h,-1,1,2024-06-09T00:00:00Z,true"));

    String line = files.tune(TO_FIND_ALL).line();

    assertThat(
        line,
        containsString(
            "\"outcomes\":{\"read\":9,\"used\":3,\"duplicates\":1,\"before_first_score\":1,"
                + "\"without_score\":2,\"rejected\":2,\"scores_rejected\":0}"));
    // 0.2 was not there; 0.8 and 0.9 were.
    assertThat(line, containsString("\"found_rate\":1,\"selection_rate\":0.666666"));
    assertThat(line, containsString("\"low\":0.8,\"out\":0.8"));
  }

  @Test
  void timesAreCutToTheirResolutionBeforeTheyAreCompared() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    files.scores(List.of("1,1,m,0.2,2024-06-08T06:00:00Z", "1,1,m,0.9,2024-06-08T12:07:00Z"));
    files.outcomes(List.of("a,1,1,2024-06-08T12:02:00Z,true", "b,1,1,2024-06-08T11:59:00Z,false"));

    assertFalse(files.tune(TO_FIND_ALL).isGood());
    String[] toTheHour = {
      "--modelVersion=m", "--targetFoundRate=1", "--minEvidence=1", "--timeResolution=PT1H"
    };
    assertThat(files.tune(toTheHour).line(), containsString("\"low\":0.9,\"out\":0.9"));
  }

  @Test
  void segmentsGetTheThresholdsThatTheyWereMadeFor() throws IOException {
    SegmentTable.Builder<ProductAttributes> products =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    products.add(0, new ProductAttributes("milk", null));
    products.add(1, new ProductAttributes("herbs", null));
    new SegmentStore(database.database()).replace(null, products.build());
    new PolicyStore(database.database())
        .publish(
            new Publication(
                List.of(
                    new ThresholdRule("others", "other", Map.of(), new Thresholds(0.6, 0.5)),
                    new ThresholdRule("old", "m", Map.of(), new Thresholds(0.6, 0.5))),
                0,
                null,
                null,
                null,
                null));
    OutcomeFiles files = new OutcomeFiles(folder, database);
    constructed(files, 1, 0);

    OutcomeResult result =
        files.tune(
            "--modelVersion=m",
            "--targetFoundRate=1",
            "--minEvidence=20",
            "--by=category,hourBand");

    assertTrue(result.isGood());
    Map<String, Thresholds> rules = new TreeMap<>();
    for (ThresholdRule rule :
        PolicyYaml.read(Files.readString(files.output().resolve("policy.yaml")))) {
      rules.put(rule.name(), (Thresholds) rule.change());
    }
    // The morning's outcomes are half of a category's; night and evening have none, and no rule.
    assertEquals(new Thresholds(0.4, 0.4), rules.get("tuned m: milk / morning"));
    assertEquals(new Thresholds(0.8, 0.8), rules.get("tuned m: herbs / afternoon"));
    assertEquals(new Thresholds(0.6, 0.5), rules.get("others"));
    // Everything, two categories, and of each the morning and the afternoon.
    assertEquals(1 + 1 + 2 + 4, rules.size());
    assertThat(
        Files.readString(files.output().resolve("report.html")), containsString("herbs / morning"));
  }

  @Test
  void neitherOrderNorFilesOfTheInputChangeTheResult() throws IOException {
    OutcomeFiles some = new OutcomeFiles(Files.createDirectory(folder.resolve("a")), database);
    OutcomeFiles others = new OutcomeFiles(Files.createDirectory(folder.resolve("b")), database);
    constructed(some, 1, 0);
    constructed(others, 5, 42);

    String[] options = {"--modelVersion=m", "--targetFoundRate=0.8", "--by=storeId"};
    assertEquals(
        some.tune(options).line().replace("/a/output", ""),
        others.tune(options).line().replace("/b/output", ""));
  }

  @Test
  void oneOutcomeIsEnoughAndNoneIsTold() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    files.scores(List.of("1,1,m,0.7,2024-06-08T06:00:00Z"));
    files.outcomes(List.of("a,1,1,2024-06-08T07:00:00Z,true"));

    String line = files.tune(TO_FIND_ALL).line();
    assertThat(line, containsString("\"found_rate\":1,\"selection_rate\":1"));
    assertThat(line, containsString("\"out_of_time\":null,\"brier\":"));
    assertThat(line, containsString("\"auc\":null"));

    Exception none =
        assertThrows(
            Exception.class, () -> files.tune("--modelVersion=other", "--targetFoundRate=1"));
    assertThat(
        FailureMessage.of(none),
        containsString("no item of the outcomes has a score of other: 1 outcomes read, 0 used"));
  }

  @Test
  void whereNothingIsFoundThereIsNoPolicyNotEvenAnOldOne() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    files.scores(List.of("1,1,m,0.7,2024-06-08T06:00:00Z", "1,2,m,0.8,2024-06-08T06:00:00Z"));
    files.outcomes(List.of("a,1,1,2024-06-08T07:00:00Z,true"));
    assertTrue(files.tune(TO_FIND_ALL).isGood());
    assertTrue(Files.exists(files.output().resolve("policy.yaml")));

    Files.delete(folder.resolve("outcomes-1.csv"));
    files.outcomes(List.of("a,1,2,2024-06-08T07:00:00Z,false"));
    OutcomeResult result = files.tune("--modelVersion=m", "--targetFoundRate=0.1");

    assertFalse(result.isGood());
    assertThat(result.line(), containsString("\"found_rate\":null,\"selection_rate\":0"));
    assertThat(result.line(), containsString("\"policy_file\":null"));
    assertThat(result.summary(), containsString("no thresholds meet a found rate of 10.0 %"));
    assertFalse(Files.exists(files.output().resolve("policy.yaml")));
  }

  @Test
  void comparisonFindsTheSegmentInWhichTheCandidateIsWorse() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    List<String> scores = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    Random random = new Random(5);
    for (int store = 0; store < 200; store++) {
      for (int product = 0; product < 20; product++) {
        boolean found = random.nextBoolean();
        // Of the first hundred stores the candidate knows all, of the others the one that is live.
        double knows = found ? 0.9 : 0.1;
        double guesses = random.nextDouble();
        scores.add(
            "%d,%d,old,%s,2024-06-08T06:00:00Z"
                .formatted(store, product, store < 100 ? guesses : knows));
        scores.add(
            "%d,%d,new,%s,2024-06-08T06:00:00Z"
                .formatted(store, product, store < 100 ? knows : guesses));
        outcomes.add("o%d,%d,%d,2024-06-08T07:00:00Z,%s".formatted(store, store, product, found));
      }
    }
    // One that only one of the two has a score for.
    scores.add("1,99,old,0.5,2024-06-08T06:00:00Z");
    outcomes.add("x,1,99,2024-06-08T07:00:00Z,true");
    files.scores(scores);
    files.outcomes(outcomes);
    SegmentTable.Builder<StoreAttributes> stores =
        new SegmentTable.Builder<>(StoreAttributes.UNKNOWN);
    for (int store = 0; store < 200; store++) {
      stores.add(store, new StoreAttributes(store < 100 ? "A" : "B", null, null, null));
    }
    new SegmentStore(database.database()).replace(stores.build(), null);

    ModelRegistry models = new ModelRegistry(database.database());
    models.register("new", ModelStatus.SHADOW);
    models.promote("new");

    OutcomeResult result = files.compare("--models=old,new", "--targetFoundRate=0.9", "--by=city");

    assertThat(result.line(), containsString("\"without_score\":1"));
    assertThat(result.line(), containsString("{\"segment\":{\"city\":\"A\"},\"outcomes\":2000,"));
    assertEquals(
        List.of("better", "worse"),
        Pattern.compile("\"verdict\":\"(\\w+)\"")
            .matcher(result.line())
            .results()
            .map(match -> match.group(1))
            .toList());
    assertThat(result.line(), containsString("\"worse_segments\":1"));
    assertThat(result.summary(), containsString("new is live and not old: for a promotion,"));
    assertEquals(
        List.of("offline|new|old"),
        database.query("SELECT kind, candidate, baseline FROM model_comparison"));
  }

  @Test
  void wrongOptionsAreToldWithWhatToWriteInstead() throws IOException {
    OutcomeFiles files = new OutcomeFiles(folder, database);
    assertRefused(files, "--targetFoundRate is 1.5; write a share", "--targetFoundRate=1.5");
    assertRefused(
        files,
        "--lowFoundRate is 0.8; write a share from --targetFoundRate, which is 0.9",
        "--targetFoundRate=0.9",
        "--lowFoundRate=0.8");
    assertRefused(
        files,
        "--by has 'color'; write any of storeId, city, region, retailer, category, popularityTier,"
            + " hourBand",
        "--targetFoundRate=0.9",
        "--by=category,color");
    assertRefused(files, "outcomes do not say where", "--targetFoundRate=0.9", "--by=surface");
    assertRefused(
        files, "--by has category twice", "--targetFoundRate=0.9", "--by=category,category");
    assertRefused(files, "--outcomes is '", "--targetFoundRate=0.9");
    files.scores(List.of());
    files.outcomes(List.of());
    assertRefused(
        files,
        "--output is '" + folder.resolve("outcomes-1.csv") + "', which is a file",
        "--targetFoundRate=0.9",
        "--output=" + folder.resolve("outcomes-1.csv"));
    assertRefused(
        files,
        "--timeResolution is PT-1S; write a duration",
        "--targetFoundRate=0.9",
        "--timeResolution=PT-1S");
  }

  private static void assertRefused(OutcomeFiles files, String why, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--modelVersion=m");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> files.tune(all.toArray(new String[0])));
    assertThat(refused.getMessage(), containsString(why));
  }

  /**
   * Of milk all that scores from 0.4 up is found, of herbs from 0.8 up, in the morning and in the
   * afternoon of four days.
   */
  private static void constructed(OutcomeFiles files, int shards, long seed) throws IOException {
    List<String> scores = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    for (int store = 0; store < 50; store++) {
      for (int product = 0; product < 2; product++) {
        double score = store / 50.0;
        for (int day = 8; day < 12; day++) {
          scores.add("%d,%d,m,%s,2024-06-%02dT00:00:00Z".formatted(store, product, score, day));
          for (int hour : new int[] {9, 15}) {
            outcomes.add(
                "o-%d-%d-%d,%d,%d,2024-06-%02dT%02d:00:00Z,%s"
                    .formatted(
                        store,
                        day,
                        hour,
                        store,
                        product,
                        day,
                        hour,
                        score >= (product == 0 ? 0.4 : 0.8)));
          }
        }
      }
    }
    if (seed != 0) {
      Collections.shuffle(scores, new Random(seed));
      Collections.shuffle(outcomes, new Random(seed + 1));
    }
    for (int shard = 0; shard < shards; shard++) {
      files.scores(part(scores, shard, shards));
      files.outcomes(part(outcomes, shard, shards));
    }
  }

  private static List<String> part(List<String> lines, int shard, int shards) {
    List<String> part = new ArrayList<>();
    for (int i = shard; i < lines.size(); i += shards) {
      part.add(lines.get(i));
    }
    return part;
  }
}
