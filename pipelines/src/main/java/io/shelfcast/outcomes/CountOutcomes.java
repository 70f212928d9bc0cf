package io.shelfcast.outcomes;

import io.shelfcast.tuning.ScoreHistogram;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Counts outcomes, each as twice its bin and one more if it was found, before they are shuffled.
 */
final class CountOutcomes extends Combine.CombineFn<Integer, ScoreHistogram, ScoreHistogram> {
  private static final long serialVersionUID = 1L;

  static int input(int bin, boolean found) {
    return bin << 1 | (found ? 1 : 0);
  }

  @Override
  public ScoreHistogram createAccumulator() {
    return new ScoreHistogram();
  }

  @Override
  public ScoreHistogram addInput(ScoreHistogram histogram, Integer outcome) {
    histogram.add(outcome >> 1, (outcome & 1) == 1);
    return histogram;
  }

  @Override
  public ScoreHistogram mergeAccumulators(Iterable<ScoreHistogram> histograms) {
    return ScoreHistogram.sum(histograms);
  }

  @Override
  public ScoreHistogram extractOutput(ScoreHistogram histogram) {
    return histogram;
  }

  @Override
  public Coder<ScoreHistogram> getAccumulatorCoder(
      CoderRegistry registry, Coder<Integer> inputCoder) {
    return ScoreHistogramCoder.of();
  }

  @Override
  public Coder<ScoreHistogram> getDefaultOutputCoder(
      CoderRegistry registry, Coder<Integer> inputCoder) {
    return ScoreHistogramCoder.of();
  }
}
