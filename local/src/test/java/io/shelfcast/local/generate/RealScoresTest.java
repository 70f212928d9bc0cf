package io.shelfcast.local.generate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.shelfcast.store.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds generated scores against those of real models, where the shared data is at hand. */
final class RealScoresTest {
  private static final double[] PROBABILITIES = {
    0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99
  };

  /** The real quantiles of one hour move by up to this much from one day to the next. */
  private static final double TOLERANCE = 0.02;

  /** Of the lowest 5 %: there a hundredth of the items is 0.1 and more of score. */
  private static final double TAIL_TOLERANCE = 0.04;

  @ParameterizedTest
  @CsvSource({
    "realtime-v2, 06", "realtime-v2, 12", "realtime-v2, 18",
    "general-v1, 06", "general-v1, 12", "general-v1, 18"
  })
  void quantilesAreThoseOfTheRealModel(String modelVersion, String hour) throws IOException {
    Path snapshots = SharedData.scores();
    List<Double> real = new ArrayList<>();
    List<Double> generated = new ArrayList<>();
    for (int day = 8; day <= 14; day++) {
      String date = String.format("202406%02dT%s00Z.parquet", day, hour);
      Path snapshot = snapshots.resolve(modelVersion).resolve(date);
      ScoreFiles.rowsOf(snapshot).forEach(row -> real.add(row.score()));
      Instant scoredAt = Instant.parse(String.format("2024-06-%02dT%s:00:00Z", day, hour));
      generated.addAll(generated(day, modelVersion, scoredAt));
    }
    double[] expected = quantiles(real);
    double[] actual = quantiles(generated);
    for (int i = 0; i < PROBABILITIES.length; i++) {
      double tolerance = PROBABILITIES[i] < 0.05 ? TAIL_TOLERANCE : TOLERANCE;
      assertThat("quantile " + PROBABILITIES[i], actual[i], is(closeTo(expected[i], tolerance)));
    }
  }

  /**
   * As many stores and products as the real scores have, a tenth of the items. Each day has a seed
   * of its own: with one seed for all, chance in some hundred products would move the quantiles.
   */
  private static List<Double> generated(long seed, String modelVersion, Instant scoredAt) {
    ScoreFunction function = ScoreFunction.of(seed, modelVersion, scoredAt);
    return IntStream.range(0, 898)
        .boxed()
        .flatMapToDouble(
            store ->
                IntStream.range(0, 865)
                    .filter(product -> (store + product) % 10 == 0)
                    .mapToDouble(product -> function.score(store, product)))
        .boxed()
        .toList();
  }

  private static double[] quantiles(List<Double> scores) {
    double[] sorted = scores.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return DoubleStream.of(PROBABILITIES)
        .map(probability -> sorted[(int) (probability * (sorted.length - 1))])
        .toArray();
  }
}
