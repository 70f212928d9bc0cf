package io.shelfcast.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdDelta;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said about scores and thresholds, against values worked out by hand. */
class OutcomeStatisticsTest {

  private static final TuningTargets AT_90 = new TuningTargets(0.9, 0.95, 1);

  @Test
  void brierScoreAndAucAreThoseOfTheTextbook() {
    ScoreHistogram outcomes = new ScoreHistogram();
    outcomes.add(2_000, false);
    outcomes.add(2_000, true);
    outcomes.add(6_000, false);
    outcomes.add(8_000, true);

    ScoreQuality quality = ScoreQuality.of(outcomes);

    // (0.2² + 0.8² + 0.6² + 0.2²) / 4.
    assertEquals(0.27, quality.brier(), 1e-4);
    // Of the four pairs: one tie, one lost, two won.
    assertEquals(2.5 / 4, quality.auc());
    assertEquals(0.5, quality.foundRate());
    assertEquals(
        List.of(2L, 1L, 1L),
        quality.calibration().stream().map(ScoreQuality.CalibrationRow::outcomes).toList());
    assertEquals(0.5, quality.calibration().get(0).foundRate());
    assertEquals(0.8, quality.calibration().get(2).meanScore(), 1e-4);
  }

  @Test
  void withoutBothKindsOfOutcomesThereIsNoAuc() {
    ScoreHistogram found = new ScoreHistogram();
    found.add(ScoreBins.LAST, true);
    assertNull(ScoreQuality.of(found).auc());
    assertEquals(0, ScoreQuality.of(found).brier());
    assertThrows(IllegalArgumentException.class, () -> ScoreQuality.of(new ScoreHistogram()));
  }

  @Test
  void wilsonsIntervalIsThatOfTheTextbook() {
    // https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval, 9 of 10.
    Interval interval = Interval.wilson(9, 10);
    assertEquals(0.5958, interval.low(), 1e-4);
    assertEquals(0.9821, interval.high(), 1e-4);
    assertEquals(1, Interval.wilson(3, 3).high());
    assertTrue(Interval.wilson(3, 3).low() < 0.5);
  }

  @Test
  void storesAreSpreadOverAllGroups() {
    int[] counts = new int[StoreGroups.COUNT];
    for (long store = 0; store < 80_000; store++) {
      counts[StoreGroups.of(store)]++;
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count > 650 && count < 950));
  }

  @Test
  void intervalByStoresIsWiderThanByOutcomesWhereOutcomesOfAStoreAreAlike() {
    Shown[] alike = new Shown[StoreGroups.COUNT];
    Shown[] mixed = new Shown[StoreGroups.COUNT];
    for (int group = 0; group < StoreGroups.COUNT; group++) {
      // In all 80 % are found: of the ones all or none by store, of the others as many in each.
      alike[group] = new Shown(group % 5 == 0 ? 0 : 50, 50, 50);
      mixed[group] = new Shown(40, 50, 50);
    }

    Interval byStores = StoreGroups.foundRate(alike);
    assertNotNull(byStores);
    // Of 100 draws of a share of 0.8 the standard deviation is 0.04.
    assertEquals(0.72, byStores.low(), 0.02);
    assertEquals(0.88, byStores.high(), 0.02);
    // No draw differs from another, which is not to be certain.
    assertEquals(Interval.wilson(4_000, 5_000), StoreGroups.foundRate(mixed));
  }

  @Test
  void oneFoundOutcomeIsNoCertainty() {
    Shown[] groups = new Shown[StoreGroups.COUNT];
    Arrays.fill(groups, new Shown(0, 0, 30));
    groups[7] = new Shown(1, 1, 30);

    assertEquals(Interval.wilson(1, 1), StoreGroups.foundRate(groups));
    Arrays.fill(groups, new Shown(0, 0, 30));
    assertNull(StoreGroups.foundRate(groups));
  }

  @Test
  void segmentsThatOnlyFitThePastAreToldToBeWorse() {
    List<OutcomeCell> cells = new ArrayList<>();
    Random random = new Random(11);
    for (int store = 0; store < 400; store++) {
      for (boolean isLast : new boolean[] {false, true}) {
        for (String segment : List.of("a", "b")) {
          ScoreHistogram outcomes = new ScoreHistogram();
          for (int i = 0; i < 40; i++) {
            int bin = random.nextInt(ScoreBins.LAST);
            // What was seldom found of a in the first part is always found in the last; of b the
            // other way round.
            boolean isGood = segment.equals("a") == isLast;
            outcomes.add(bin, isGood || random.nextInt(ScoreBins.LAST) < bin);
          }
          cells.add(
              new OutcomeCell(
                  new Segment(List.of(segment)), StoreGroups.of(store), isLast, outcomes));
        }
      }
    }

    TuningStudy study = TuningStudy.of(cells, AT_90, 1);

    OutOfTime outOfTime = study.outOfTime();
    assertNotNull(outOfTime);
    assertEquals(OutOfTime.Verdict.WORSE, outOfTime.verdict());
    assertTrue(outOfTime.gain() < 0);
    assertEquals(1, study.segments().stream().filter(its -> its.curve() != null).count());
  }

  @Test
  void comparisonOfFewStoresIsNotTold() {
    SelectionComparison.Builder few = new SelectionComparison.Builder();
    SelectionComparison.Builder many = new SelectionComparison.Builder();
    for (int group = 0; group < 60; group++) {
      for (int i = 0; i < 50; i++) {
        boolean found = i % 2 == 0;
        ScoreHistogram knows = new ScoreHistogram();
        ScoreHistogram guesses = new ScoreHistogram();
        knows.add(found ? 9_000 : 1_000, found);
        guesses.add(5_000, found);
        for (SelectionComparison.Builder to : group < 3 ? List.of(few, many) : List.of(many)) {
          to.add(false, group, knows);
          to.add(true, group, guesses);
        }
      }
    }

    SelectionComparison told = many.compare(Segment.ALL, List.of(0.9), 10);
    assertEquals(-0.5, told.differences().get(0).value());
    assertTrue(SelectionComparison.isWorse(told.differences().get(0)));
    SelectionComparison untold = few.compare(Segment.ALL, List.of(0.9), 10);
    assertEquals(-0.5, untold.differences().get(0).value());
    assertNull(untold.differences().get(0).interval());
    assertFalse(SelectionComparison.isWorse(untold.differences().get(0)));
  }

  @Test
  void tunedThresholdsReplaceOnlyWhatTheyWereTunedFor() {
    ThresholdRule other = rule("other", "x", Map.of());
    ThresholdRule everyModel =
        rule("alcohol", null, Map.of(SegmentAttribute.CATEGORY, Set.of("7")));
    ThresholdRule own = rule("own", "m", Map.of(SegmentAttribute.CATEGORY, Set.of("8")));
    ThresholdRule checkout = rule("checkout", "m", Map.of(SegmentAttribute.SURFACE, Set.of("pay")));
    ThresholdRule added = new ThresholdRule("added", "m", Map.of(), new ThresholdDelta(0.1, 0.1));
    List<ThresholdRule> inForce = List.of(other, everyModel, own, checkout, added);
    ScoreHistogram outcomes = new ScoreHistogram();
    outcomes.add(5_000, true);
    Tuning tuning = ThresholdTuner.tune(Map.of(new Segment(List.of("8")), outcomes), AT_90);

    List<ThresholdRule> rules =
        TunedPolicy.replacing(inForce, "m", List.of(SegmentAttribute.CATEGORY), tuning);

    assertEquals(List.of(other, everyModel, checkout, added), rules.subList(0, 4));
    assertEquals(
        List.of("tuned m: all", "tuned m: 8"),
        rules.subList(4, 6).stream().map(ThresholdRule::name).toList());
    assertEquals(Map.of(SegmentAttribute.CATEGORY, Set.of("8")), rules.get(5).segment());
    assertEquals(List.of(everyModel), TunedPolicy.outranked(inForce));
  }

  @Test
  void tooManySegmentsAreToldBeforeMemoryRunsOut() {
    Map<Segment, ScoreHistogram> outcomes = new TreeMap<>();
    for (int segment = 0; segment < 1_100; segment++) {
      ScoreHistogram histogram = new ScoreHistogram();
      for (int bin = segment % 10; bin < ScoreBins.LAST; bin += 10) {
        histogram.add(bin, true);
      }
      outcomes.put(new Segment(List.of("s" + segment)), histogram);
    }

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> ThresholdTuner.tune(outcomes, AT_90));
    assertTrue(String.valueOf(refused.getMessage()).contains("--minEvidence"));
  }

  private static ThresholdRule rule(
      String name, String model, Map<SegmentAttribute, Set<String>> segment) {
    return new ThresholdRule(name, model, segment, new Thresholds(0.6, 0.5));
  }
}
