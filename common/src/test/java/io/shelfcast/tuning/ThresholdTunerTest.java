package io.shelfcast.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.policy.Thresholds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ThresholdTunerTest {

  private static final TuningTargets AT_90 = new TuningTargets(0.9, 0.95, 0);

  record Outcome(String category, int bin, boolean found) {}

  @Property(tries = 300)
  void oneThresholdIsTheExactOptimumOfAllThatSortingFinds(
      @ForAll @LongRange long seed,
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @DoubleRange(min = 0.05, max = 1) double target) {
    List<Outcome> outcomes = random(seed, size, 1);

    Tuning tuning = tune(outcomes, new TuningTargets(target, 1, 0));

    assertEquals(mostBySorting(outcomes, target), tuning.shown().shown());
  }

  @Property(tries = 150)
  void severalSegmentsFallShortOfTheOptimumByLessThanOneRunOfEqualShare(
      @ForAll @LongRange long seed,
      @ForAll @IntRange(min = 1, max = 14) int size,
      @ForAll @DoubleRange(min = 0.05, max = 1) double target) {
    List<Outcome> outcomes = random(seed, size, 3);

    Tuning tuning = tune(outcomes, new TuningTargets(target, 1, 0));

    long optimum = mostByTryingAll(outcomes, target);
    long longestRun =
        histograms(outcomes).values().stream()
            .mapToLong(ThresholdTunerTest::longestRun)
            .max()
            .orElseThrow();
    Shown shown = tuning.shown();
    assertTrue(shown.shown() <= optimum);
    assertTrue(optimum == 0 || shown.shown() > optimum - longestRun);
    assertTrue(shown.shown() == 0 || shown.meets(target));
  }

  @Property(tries = 200)
  void ahigherTargetNeverLowersAThreshold(
      @ForAll @LongRange long seed,
      @ForAll @IntRange(min = 1, max = 200) int size,
      @ForAll @IntRange(min = 0, max = 30) int minEvidence,
      @ForAll @DoubleRange(min = 0.05, max = 1) double some,
      @ForAll @DoubleRange(min = 0.05, max = 1) double other) {
    List<Outcome> outcomes = random(seed, size, 5);

    Tuning lower = tune(outcomes, new TuningTargets(Math.min(some, other), 1, minEvidence));
    Tuning higher = tune(outcomes, new TuningTargets(Math.max(some, other), 1, minEvidence));

    assertTrue(higher.shown().shown() <= lower.shown().shown());
    for (TunedSegment segment : lower.segments()) {
      assertTrue(
          higher.deciding(segment.segment()).thresholds().out() >= segment.thresholds().out());
    }
  }

  @Property(tries = 100)
  void neitherOrderNorShardingOfOutcomesMatters(
      @ForAll @LongRange long seed,
      @ForAll @IntRange(min = 1, max = 300) int size,
      @ForAll @IntRange(min = 1, max = 9) int shards) {
    List<Outcome> outcomes = random(seed, size, 4);
    Map<Segment, ScoreHistogram> atOnce = histograms(outcomes);

    List<Outcome> shuffled = new ArrayList<>(outcomes);
    Collections.shuffle(shuffled, new Random(seed + 1));
    Map<Segment, ScoreHistogram> merged = new TreeMap<>();
    for (int shard = 0; shard < shards; shard++) {
      int its = shard;
      List<Outcome> part = new ArrayList<>();
      for (int i = its; i < shuffled.size(); i += shards) {
        part.add(shuffled.get(i));
      }
      histograms(part)
          .forEach(
              (segment, histogram) ->
                  merged.computeIfAbsent(segment, any -> new ScoreHistogram()).merge(histogram));
    }

    assertEquals(atOnce, merged);
    assertEquals(
        ThresholdTuner.tune(atOnce, AT_90).segments(),
        ThresholdTuner.tune(merged, AT_90).segments());
  }

  @Property
  void lowIsNeverBelowOutAndWhatIsInStockIsFoundAsOftenAsWasAsked(
      @ForAll @LongRange long seed,
      @ForAll @Size(2) List<@DoubleRange(min = 0.05, max = 1) Double> rates) {
    List<Outcome> outcomes = random(seed, 150, 3);
    double foundRate = Collections.min(rates);
    double lowFoundRate = Collections.max(rates);

    Tuning tuning = tune(outcomes, new TuningTargets(foundRate, lowFoundRate, 10));

    Shown inStock = tuning.inStock();
    assertTrue(inStock.shown() == 0 || inStock.meets(lowFoundRate));
    assertTrue(inStock.shown() <= tuning.shown().shown());
  }

  @Example
  void segmentsAreShownDownToWhereTheyAreFoundEquallyOften() {
    // In milk all from 0.4 up is found; in herbs what is above 0.8.
    List<Outcome> outcomes = new ArrayList<>();
    for (int bin = 0; bin < ScoreBins.LAST; bin += 100) {
      outcomes.add(new Outcome("milk", bin, bin >= 4000));
      outcomes.add(new Outcome("herbs", bin, bin >= 8000));
    }

    Tuning tuning = tune(outcomes, new TuningTargets(1, 1, 0));

    assertEquals(new Thresholds(0.4, 0.4), tuning.deciding(segment("milk")).thresholds());
    assertEquals(new Thresholds(0.8, 0.8), tuning.deciding(segment("herbs")).thresholds());
    assertEquals(new Shown(80, 80, 200), tuning.shown());
  }

  @Example
  void segmentWithTooFewOutcomesHasNoThresholdsOfItsOwn() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(new Outcome("milk", 5000, true));
    }
    outcomes.add(new Outcome("herbs", 100, true));

    Tuning tuning = tune(outcomes, new TuningTargets(0.5, 0.9, 2));

    assertEquals(
        List.of(Segment.ALL, segment("milk")),
        tuning.segments().stream().map(TunedSegment::segment).toList());
    assertEquals(Segment.ALL, tuning.deciding(segment("herbs")).segment());
    assertEquals(Segment.ALL, tuning.deciding(segment("never seen")).segment());
  }

  @Example
  void fewOutcomesOfASegmentDoNotLeadFarFromItsParent() {
    List<Outcome> outcomes = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      int bin = random.nextInt(ScoreBins.LAST);
      outcomes.add(new Outcome("all others", bin, random.nextInt(ScoreBins.LAST) < bin));
    }
    // By chance all that are seen of it were found, whatever their score.
    for (int bin = 0; bin < ScoreBins.LAST; bin += 250) {
      outcomes.add(new Outcome("new", bin, true));
    }

    double alone =
        tune(outcomes, new TuningTargets(0.8, 1, 0)).deciding(segment("new")).thresholds().out();
    double leaning =
        tune(outcomes, new TuningTargets(0.8, 1, 40)).deciding(segment("new")).thresholds().out();
    double parent =
        tune(outcomes, new TuningTargets(0.8, 1, 40)).deciding(Segment.ALL).thresholds().out();

    assertEquals(0, alone);
    assertTrue(leaning > 0.1 && leaning < parent - 0.1, leaning + " of " + parent);
  }

  @Example
  void allFoundShowsAll() {
    Tuning tuning = tune(constant(true), AT_90);

    assertEquals(new Shown(50, 50, 50), tuning.shown());
    assertEquals(new Thresholds(0.01, 0.01), tuning.deciding(Segment.ALL).thresholds());
  }

  @Example
  void noneFoundShowsNothing() {
    Tuning tuning = tune(constant(false), AT_90);

    assertEquals(new Shown(0, 0, 50), tuning.shown());
    assertEquals(new Thresholds(1, 1), tuning.deciding(Segment.ALL).thresholds());
  }

  @Example
  void oneOutcomeIsEnoughToBeShownAndNoneShowsNothing() {
    assertEquals(
        new Thresholds(0.7, 0.7),
        tune(List.of(new Outcome("milk", 7000, true)), AT_90).deciding(Segment.ALL).thresholds());
    assertEquals(Shown.NONE, ThresholdTuner.tune(Map.of(), AT_90).shown());
  }

  @Example
  void scoreOfOneIsShownByEveryThresholdAndIsCountedSo() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      outcomes.add(new Outcome("milk", ScoreBins.LAST, false));
      outcomes.add(new Outcome("milk", 9000, true));
    }

    Tuning tuning = tune(outcomes, AT_90);

    assertEquals(new Thresholds(1, 1), tuning.deciding(Segment.ALL).thresholds());
    assertEquals(new Shown(0, 10, 20), tuning.shown());
    assertFalse(tuning.shown().meets(0.9));
  }

  @Example
  void rateThatEqualsTheTargetMeetsIt() {
    // In products of doubles 55 is less than 0.55 times 100.
    assertTrue(new Shown(55, 100, 100).meets(0.55));
    assertFalse(new Shown(54, 100, 100).meets(0.55));
  }

  @Example
  void scoresFallShortOfTheExactOptimumByLessThanAStep() {
    Random random = new Random(7);
    List<Float> scores = new ArrayList<>();
    List<Boolean> found = new ArrayList<>();
    ScoreHistogram histogram = new ScoreHistogram();
    for (int i = 0; i < 100_000; i++) {
      float score = random.nextFloat();
      boolean there = random.nextFloat() < score;
      scores.add(score);
      found.add(there);
      histogram.add(ScoreBins.of(score), there);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Float.compare(scores.get(b), scores.get(a)));
    long seen = 0;
    long exact = 0;
    for (int i = 0; i < order.size(); i++) {
      seen += found.get(order.get(i)) ? 1 : 0;
      if (new Shown(seen, i + 1L, order.size()).meets(0.8)) {
        exact = i + 1L;
      }
    }

    Shown shown =
        ThresholdTuner.tune(Map.of(Segment.ALL, histogram), new TuningTargets(0.8, 1, 0)).shown();

    assertEquals(exact / 100_000.0, shown.selectionRate(), 2.0 / ScoreBins.LAST);
  }

  private static List<Outcome> constant(boolean found) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      outcomes.add(new Outcome("milk", 100 * i, found));
    }
    return outcomes;
  }

  private static List<Outcome> random(long seed, int size, int categories) {
    Random random = new Random(seed);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      // Few bins, so that ties are many; the last one is beyond every threshold, and tested above.
      int bin = random.nextInt(12) * 800;
      outcomes.add(
          new Outcome("c" + random.nextInt(categories), bin, random.nextInt(9600) <= bin + 1000));
    }
    return outcomes;
  }

  private static Segment segment(String category) {
    return new Segment(List.of(category));
  }

  private static Map<Segment, ScoreHistogram> histograms(List<Outcome> outcomes) {
    Map<Segment, ScoreHistogram> histograms = new TreeMap<>();
    outcomes.forEach(
        outcome ->
            histograms
                .computeIfAbsent(segment(outcome.category()), any -> new ScoreHistogram())
                .add(outcome.bin(), outcome.found()));
    return histograms;
  }

  private static Tuning tune(List<Outcome> outcomes, TuningTargets targets) {
    return ThresholdTuner.tune(histograms(outcomes), targets);
  }

  private static long mostBySorting(List<Outcome> outcomes, double target) {
    long most = 0;
    for (Outcome threshold : outcomes) {
      most = Math.max(most, shownIfGood(outcomes, Map.of("c0", threshold.bin()), target));
    }
    return most;
  }

  private static long mostByTryingAll(List<Outcome> outcomes, double target) {
    long most = 0;
    int[] steps = new int[3];
    for (steps[0] = 0; steps[0] <= 12; steps[0]++) {
      for (steps[1] = 0; steps[1] <= 12; steps[1]++) {
        for (steps[2] = 0; steps[2] <= 12; steps[2]++) {
          Map<String, Integer> thresholds =
              Map.of("c0", steps[0] * 800, "c1", steps[1] * 800, "c2", steps[2] * 800);
          most = Math.max(most, shownIfGood(outcomes, thresholds, target));
        }
      }
    }
    return most;
  }

  private static long shownIfGood(
      List<Outcome> outcomes, Map<String, Integer> thresholds, double target) {
    long found = 0;
    long shown = 0;
    for (Outcome outcome : outcomes) {
      if (outcome.bin() >= thresholds.get(outcome.category())) {
        shown++;
        found += outcome.found() ? 1 : 0;
      }
    }
    return new Shown(found, shown, shown).meets(target) ? shown : 0;
  }

  private static long longestRun(ScoreHistogram histogram) {
    Calibrated calibrated = Calibrated.of(histogram);
    Map<Double, Long> runs = new TreeMap<>();
    for (int i = 0; i < histogram.size(); i++) {
      runs.merge(calibrated.share(i), histogram.found(i) + histogram.missed(i), Long::sum);
    }
    return Collections.max(runs.values());
  }
}
