package io.shelfcast.local.generate;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Scores of the products 0 to 499 of the stores 0 to 199, as ranks: what is said of them does not
 * depend on how crowded the scores are.
 */
final class Sample {
  private static final int STORES = 200;
  private static final int PRODUCTS = 500;

  private final double[] scores;
  private final double[] normal;

  private Sample(double[] scores) {
    this.scores = scores;
    this.normal = normal(scores);
  }

  static Sample of(String modelVersion, Instant scoredAt) {
    ScoreFunction function = ScoreFunction.of(1, modelVersion, scoredAt);
    return new Sample(
        IntStream.range(0, STORES * PRODUCTS)
            .mapToDouble(i -> function.score(i / PRODUCTS, i % PRODUCTS))
            .toArray());
  }

  double shareEqualTo(Sample other) {
    return IntStream.range(0, scores.length).filter(i -> scores[i] == other.scores[i]).count()
        / (double) scores.length;
  }

  double correlationWith(Sample other) {
    return IntStream.range(0, normal.length).mapToDouble(i -> normal[i] * other.normal[i]).sum()
        / Math.sqrt(squares(normal) * squares(other.normal));
  }

  double shareOfVarianceBetweenProducts() {
    double[] means = new double[PRODUCTS];
    for (int i = 0; i < normal.length; i++) {
      means[i % PRODUCTS] += normal[i] / STORES;
    }
    return squares(means) / PRODUCTS / (squares(normal) / normal.length);
  }

  double shareOfVarianceBetweenStores() {
    double[] means = new double[STORES];
    for (int i = 0; i < normal.length; i++) {
      means[i / PRODUCTS] += normal[i] / PRODUCTS;
    }
    return squares(means) / STORES / (squares(normal) / normal.length);
  }

  private static double squares(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }

  /** Each score's place among all as a standard normal number. */
  private static double[] normal(double[] scores) {
    Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
    double[] normal = new double[scores.length];
    for (int first = 0; first < order.length; ) {
      int end = first + 1;
      while (end < order.length && scores[order[end]] == scores[order[first]]) {
        end++;
      }
      double z = normalQuantile((first + end) / 2.0 / order.length);
      for (int i = first; i < end; i++) {
        normal[order[i]] = z;
      }
      first = end;
    }
    return normal;
  }

  /** Tukey's approximation by a lambda distribution: good to 0.02 between −3 and 3. */
  private static double normalQuantile(double p) {
    return 4.91 * (Math.pow(p, 0.14) - Math.pow(1 - p, 0.14));
  }
}
