package io.shelfcast.local.generate;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The scores that one imaginary model gives at one time: the same arguments give the same score, on
 * every machine, in any order, and no score needs another one to be known.
 *
 * <p>A score is a sum of hashed effects, of the store, of the product, of both by the hour of the
 * day, and of the item as days and hours pass, read off the measured quantiles of a real model
 * ({@link ScoreShape} has the numbers). The effects that stand still are shared by all model
 * versions, so that two models agree about an item as much as the real ones do; those that move are
 * each version's own.
 *
 * <p>Every effect is close to normal and the squares of the weights add up to 1, so that the sum is
 * standard normal at every time, which is the scale of the quantiles. A moving effect goes from one
 * hashed value to the next along a quarter of a circle (cosine and sine), which keeps its variance.
 *
 * <p>Safe for use by many threads.
 */
public final class ScoreFunction {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The news of the last hours is forgotten by the next snapshot: the real ones are 6 h apart. */
  private static final Duration FAST_PERIOD = Duration.ofHours(6);

  /** A Monday, so that what is made once a week is made on Mondays, as the real scores were. */
  private static final Instant ORIGIN = Instant.parse("1970-01-05T00:00:00Z");

  private final Effects ofStore = new Effects();
  private final Effects ofProduct = new Effects();
  private final Effects ofItem = new Effects();
  private final double[] quantiles;

  private ScoreFunction(long seed, String modelVersion, Instant scoredAt) {
    ScoreShape shape = ScoreShape.of(modelVersion);
    ScoreShape.Variance variance = shape.variance();
    double evening = evening(scoredAt);
    quantiles = shape.quantiles(evening);

    long standing = mix(seed);
    ofStore.add(salt(standing, 1), variance.store());
    ofProduct.add(salt(standing, 2), variance.product());
    ofProduct.addBetween(salt(standing, 3), salt(standing, 4), evening, variance.productByHour());
    ofItem.addBetween(salt(standing, 5), salt(standing, 6), evening, variance.itemByHour());

    long moving = salt(standing, modelVersion.hashCode());
    addMoving(salt(moving, 7), shape.slowPeriod(), shape.slowInSteps(), scoredAt, variance.slow());
    addMoving(salt(moving, 8), FAST_PERIOD, false, scoredAt, variance.fast());
  }

  /**
   * The model's scores at one time.
   *
   * @param modelVersion names that begin with {@code general} give scores shaped like general-v1's,
   *     all others like realtime-v2's
   */
  public static ScoreFunction of(long seed, String modelVersion, Instant scoredAt) {
    return new ScoreFunction(seed, modelVersion, scoredAt);
  }

  /** The item's score, with six decimals as the real ones have. */
  public double score(long storeId, long productId) {
    long item = mix(storeId * GOLDEN + 1) + productId;
    double z = ofStore.sum(storeId) + ofProduct.sum(productId) + ofItem.sum(item);
    return Math.rint(quantile(z) * 1e6) / 1e6;
  }

  private double quantile(double z) {
    double position = (z + ScoreShape.Z_MAX) * ScoreShape.STEPS_PER_Z;
    int last = quantiles.length - 1;
    if (position <= 0) {
      return quantiles[0];
    }
    if (position >= last) {
      return quantiles[last];
    }
    int below = (int) position;
    return quantiles[below] + (position - below) * (quantiles[below + 1] - quantiles[below]);
  }

  private void addMoving(
      long salt, Duration period, boolean inSteps, Instant scoredAt, double variance) {
    double periods = Duration.between(ORIGIN, scoredAt).toMillis() / (double) period.toMillis();
    long now = (long) Math.floor(periods);
    double progress = inSteps ? 0 : periods - now;
    ofItem.addBetween(salt(salt, now), salt(salt, now + 1), progress, variance);
  }

  /** From 0 at 06 h UTC to 1 at 18 h, and back during the night. */
  private static double evening(Instant at) {
    long sinceSix = Math.floorMod(at.getEpochSecond() - 6 * 3600L, 24 * 3600L);
    double halfDays = sinceSix / (12 * 3600.0);
    return halfDays <= 1 ? halfDays : 2 - halfDays;
  }

  private static long salt(long salt, long n) {
    return mix(salt + n * GOLDEN);
  }

  /** The finalizer of SplitMix64 (Stafford's variant 13): each bit in changes half of those out. */
  private static long mix(long bits) {
    long x = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  /** Effects on one kind of id: its store, its product, or the item itself. */
  private static final class Effects {
    /** The ones among 64 hashed bits: as good as normal, and one instruction to count. */
    private static final int MEAN = 32;

    private static final int DEVIATION = 4;

    private long[] salts = {};
    private double[] weights = {};

    void add(long salt, double variance) {
      addWeighted(salt, Math.sqrt(variance));
    }

    void addBetween(long from, long to, double progress, double variance) {
      double angle = progress * Math.PI / 2;
      addWeighted(from, Math.sqrt(variance) * Math.cos(angle));
      addWeighted(to, Math.sqrt(variance) * Math.sin(angle));
    }

    private void addWeighted(long salt, double weight) {
      if (weight == 0) {
        return;
      }
      salts = Arrays.copyOf(salts, salts.length + 1);
      weights = Arrays.copyOf(weights, weights.length + 1);
      salts[salts.length - 1] = salt;
      weights[weights.length - 1] = weight / DEVIATION;
    }

    double sum(long id) {
      double sum = 0;
      for (int i = 0; i < salts.length; i++) {
        sum += weights[i] * (Long.bitCount(mix(id * GOLDEN + salts[i])) - MEAN);
      }
      return sum;
    }
  }
}
