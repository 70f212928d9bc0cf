package io.shelfcast.local.generate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ScoreFunctionTest {
  private static final Instant MORNING = Instant.parse("2024-06-08T06:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void theSameArgumentsAlwaysGiveTheSameScore() {
    // Fixed numbers: a change here changes every demo and every benchmark's data.
    ScoreFunction function = ScoreFunction.of(1, "realtime-v2", MORNING);
    assertThat(function.score(0, 0), is(0.97464));
    assertThat(function.score(79_999, 4_999), is(0.732369));
  }

  @Test
  void scoresAreProbabilitiesEvenForTheStrangestIds() {
    ScoreFunction function = ScoreFunction.of(Long.MIN_VALUE, "m", Instant.EPOCH);
    for (long id : new long[] {0, 1, Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
      assertThat(function.score(id, id), is(allOf(greaterThan(0.0), lessThan(1.0))));
    }
  }

  @Test
  void seedStoreProductVersionAndTimeAllMatter() {
    double score = ScoreFunction.of(1, "general-v1", MORNING).score(7, 11);
    assertThat(ScoreFunction.of(2, "general-v1", MORNING).score(7, 11), is(not(score)));
    assertThat(ScoreFunction.of(1, "general-v2", MORNING).score(7, 11), is(not(score)));
    assertThat(
        ScoreFunction.of(1, "general-v1", MORNING.plusSeconds(3600)).score(7, 11), is(not(score)));
    assertThat(ScoreFunction.of(1, "general-v1", MORNING).score(8, 11), is(not(score)));
    assertThat(ScoreFunction.of(1, "general-v1", MORNING).score(7, 12), is(not(score)));
  }

  /** The measured correlations stand in {@link ScoreShape}. */
  @Test
  void anItemsScoreStaysNearWhatItWas() {
    Sample morning = Sample.of("realtime-v2", MORNING);
    assertThat(correlation(morning, 6), is(closeTo(0.74, 0.08)));
    assertThat(correlation(morning, 12), is(closeTo(0.51, 0.08)));
    assertThat(correlation(morning, 24), is(closeTo(0.78, 0.08)));
    assertThat(correlation(morning, 6 * 24), is(closeTo(0.54, 0.08)));
  }

  @Test
  void aMinuteHardlyMovesAScore() {
    Sample now = Sample.of("realtime-v2", MORNING.plusSeconds(3 * 3600));
    Sample aMinuteLater = Sample.of("realtime-v2", MORNING.plusSeconds(3 * 3600 + 60));
    assertThat(now.correlationWith(aMinuteLater), is(greaterThan(0.999)));
  }

  @Test
  void theGeneralModelIsMadeAnewOnMondays() {
    Instant saturday = MORNING;
    Instant sunday = saturday.plus(DAY);
    Instant monday = sunday.plus(DAY);
    Sample before = Sample.of("general-v1", saturday);
    assertThat(before.shareEqualTo(Sample.of("general-v1", sunday)), is(1.0));
    assertThat(before.shareEqualTo(Sample.of("general-v1", monday)), is(lessThan(0.3)));
    assertThat(before.correlationWith(Sample.of("general-v1", monday)), is(closeTo(0.88, 0.05)));
  }

  @Test
  void twoModelsMostlyAgreeAboutAnItem() {
    Instant noon = MORNING.plusSeconds(6 * 3600);
    assertThat(
        Sample.of("realtime-v2", noon).correlationWith(Sample.of("general-v1", noon)),
        is(closeTo(0.68, 0.08)));
  }

  @Test
  void aProductIsMuchTheSameInAllStoresAndAStoreIsNotMuchOfAReason() {
    Sample sample = Sample.of("realtime-v2", MORNING);
    assertThat(sample.shareOfVarianceBetweenProducts(), is(closeTo(0.47, 0.1)));
    assertThat(sample.shareOfVarianceBetweenStores(), is(closeTo(0.04, 0.03)));
  }

  private static double correlation(Sample sample, int hours) {
    return sample.correlationWith(Sample.of("realtime-v2", MORNING.plusSeconds(hours * 3600L)));
  }
}
