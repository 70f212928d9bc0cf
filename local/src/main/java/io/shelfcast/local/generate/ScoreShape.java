package io.shelfcast.local.generate;

import java.time.Duration;

/**
 * How a model's scores are spread, and what makes one item's score differ from another's, as
 * measured on the real scores of FreshRetailNet-50K (50,000 items of 898 stores and 865 products,
 * 21 snapshots at 06, 12 and 18 h UTC, 2024-06-08 to 14).
 *
 * <p>The quantiles are those of the seven snapshots of one hour of the day together (350,000
 * scores), at the probabilities of a standard normal's −3, −2.75 … 3. The weights are chosen by
 * hand from what follows. All but the changes were measured on the normal scale (each score
 * replaced by the normal quantile of its rank in its snapshot) and averaged over snapshots; the
 * shares are from a two-way fit of store and product effects. "Change" is the median of the
 * absolute difference of an item's scores in two snapshots.
 *
 * <table>
 * <caption>The real scores</caption>
 * <tr><th></th><th>realtime-v2</th><th>general-v1</th></tr>
 * <tr><td>share of a snapshot's variance: store</td><td>0.04</td><td>0.05</td></tr>
 * <tr><td>share of a snapshot's variance: product</td><td>0.47</td><td>0.60</td></tr>
 * <tr><td>correlation of an item's scores, 06 with 12 h</td><td>0.74</td><td>0.63</td></tr>
 * <tr><td>12 with 18 h</td><td>0.75</td><td>0.79</td></tr>
 * <tr><td>18 with 06 h of the next day</td><td>0.63</td><td>0.27</td></tr>
 * <tr><td>24 hours</td><td>0.78</td><td>0.98</td></tr>
 * <tr><td>3 days</td><td>0.64</td><td>0.94</td></tr>
 * <tr><td>6 days</td><td>0.54</td><td>0.88</td></tr>
 * <tr><td>change from 06 to 12 h (generated)</td><td>0.011 (0.011)</td><td>0.098 (0.098)</td></tr>
 * <tr><td>from 12 to 18 h</td><td>0.031 (0.033)</td><td>0.156 (0.154)</td></tr>
 * <tr><td>from 18 to 06 h</td><td>0.046 (0.045)</td><td>0.263 (0.259)</td></tr>
 * <tr><td>in 24 hours</td><td>0.004 (0.005)</td><td>0 (0)</td></tr>
 * </table>
 *
 * <p>The two models' scores of one item at one time correlate with 0.68. In 24 hours 83 % of
 * general-v1's scores stay exactly as they were (generated: 85 %), and 28 % of realtime-v2's, which
 * is not imitated (generated: 1 %).
 */
final class ScoreShape {
  /** {@code realtime-v2}: crowded at 0.98, a long tail, an hour's news moves it. */
  static final ScoreShape REALTIME =
      new ScoreShape(
          new Variance(0.04, 0.26, 0.21, 0.04, 0.25, 0.20),
          Duration.ofDays(4),
          false,
          new double[] {
            0.1638, 0.2371, 0.3566, 0.5314, 0.6547, 0.7310, 0.7800, 0.8233, 0.9311,
            0.9643, 0.9712, 0.9750, 0.9777, 0.9798, 0.9814, 0.9827, 0.9836, 0.9844,
            0.9848, 0.9851, 0.9852, 0.9852, 0.9852, 0.9852, 0.9852
          },
          new double[] {
            0.1071, 0.1641, 0.2711, 0.4254, 0.5586, 0.6640, 0.7482, 0.8369, 0.9278,
            0.9472, 0.9567, 0.9629, 0.9676, 0.9713, 0.9742, 0.9766, 0.9785, 0.9802,
            0.9816, 0.9827, 0.9837, 0.9846, 0.9849, 0.9851, 0.9852
          },
          new double[] {
            0.0762, 0.0991, 0.1344, 0.1867, 0.2584, 0.3466, 0.4351, 0.5239, 0.6183,
            0.7358, 0.8712, 0.9124, 0.9327, 0.9461, 0.9555, 0.9627, 0.9683, 0.9725,
            0.9759, 0.9786, 0.9806, 0.9825, 0.9838, 0.9846, 0.9849
          });

  /** {@code general-v1}: broad, much lower in the evening, made anew only once a week. */
  static final ScoreShape GENERAL =
      new ScoreShape(
          new Variance(0.05, 0.14, 0.44, 0.25, 0.12, 0.0),
          Duration.ofDays(7),
          true,
          new double[] {
            0.3040, 0.3916, 0.4862, 0.5746, 0.6754, 0.7664, 0.8258, 0.8697, 0.9019,
            0.9250, 0.9430, 0.9577, 0.9659, 0.9767, 0.9852, 0.9912, 0.9936, 0.9979,
            0.9986, 0.9989, 0.9990, 0.9990, 0.9990, 0.9990, 0.9990
          },
          new double[] {
            0.1099, 0.2026, 0.3141, 0.4155, 0.5070, 0.5889, 0.6555, 0.7083, 0.7489,
            0.7807, 0.8082, 0.8324, 0.8548, 0.8749, 0.8941, 0.9126, 0.9285, 0.9449,
            0.9583, 0.9716, 0.9834, 0.9921, 0.9950, 0.9982, 0.9990
          },
          new double[] {
            0.0391, 0.0707, 0.1282, 0.1843, 0.2465, 0.3176, 0.3836, 0.4456, 0.5003,
            0.5495, 0.5964, 0.6407, 0.6827, 0.7219, 0.7609, 0.7976, 0.8323, 0.8653,
            0.8936, 0.9203, 0.9442, 0.9607, 0.9855, 0.9907, 0.9947
          });

  /** The normal scale of the quantiles: from {@code -Z_MAX} to {@code Z_MAX}. */
  static final double Z_MAX = 3;

  static final int STEPS_PER_Z = 4;

  private final Variance variance;
  private final Duration slowPeriod;
  private final boolean slowInSteps;
  private final double[] morning;
  private final double[] noon;
  private final double[] evening;

  private ScoreShape(
      Variance variance,
      Duration slowPeriod,
      boolean slowInSteps,
      double[] morning,
      double[] noon,
      double[] evening) {
    this.variance = variance;
    this.slowPeriod = slowPeriod;
    this.slowInSteps = slowInSteps;
    this.morning = morning;
    this.noon = noon;
    this.evening = evening;
  }

  /** {@code general-…} looks like general-v1, and every other name like realtime-v2. */
  static ScoreShape of(String modelVersion) {
    return modelVersion.startsWith("general") ? GENERAL : REALTIME;
  }

  Variance variance() {
    return variance;
  }

  /** In this time the slow part of a score becomes another one. */
  Duration slowPeriod() {
    return slowPeriod;
  }

  /** Whether the slow part changes at once, at the end of its period, or all the time. */
  boolean slowInSteps() {
    return slowInSteps;
  }

  /**
   * The quantiles between morning and evening.
   *
   * @param evening 0 at 06 h, one half at 12 h, 1 at 18 h
   */
  double[] quantiles(double evening) {
    double[] from = evening < 0.5 ? morning : noon;
    double[] to = evening < 0.5 ? noon : this.evening;
    double share = evening < 0.5 ? 2 * evening : 2 * evening - 1;
    double[] blended = new double[from.length];
    for (int i = 0; i < blended.length; i++) {
      blended[i] = from[i] + share * (to[i] - from[i]);
    }
    return blended;
  }

  /** Shares of the variance on the normal scale; they add up to 1. */
  record Variance(
      double store,
      double product,
      double productByHour,
      double itemByHour,
      double slow,
      double fast) {}
}
