package io.shelfcast.tuning;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Stores by hash in {@value #COUNT} groups, so that intervals need no counts of each store.
 *
 * <p>Outcomes of one store are alike: its shelves are filled by the same people on the same days.
 * To take each outcome as a trial of its own would promise more than they tell. So whole groups of
 * stores are drawn, with replacement, as often as there are groups, and that {@value #DRAWS} times;
 * the middle 95 % of what comes out is the interval. The draws are the same each time.
 */
public final class StoreGroups {

  /** How many groups there are. */
  public static final int COUNT = 100;

  /** With fewer, too little varies between the draws for them to tell anything. */
  private static final int FEWEST = 20;

  private static final int DRAWS = 1000;
  private static final long SEED = 20_240_608;

  /** For each draw, how often each group was drawn. */
  private static final byte[][] TIMES = draws();

  private StoreGroups() {}

  /** The group of a store, from 0. */
  public static int of(long storeId) {
    long mixed = (storeId ^ (storeId >>> 32)) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 32), COUNT);
  }

  /** The interval of the found rate of what is shown; null when nothing is. */
  static @Nullable Interval foundRate(Shown[] groups) {
    Shown all = sum(groups);
    return all.shown() == 0
        ? null
        : interval(groups, Shown::shown, Shown::foundRate, all.found(), all.shown());
  }

  /** The interval of the share that is shown; null when there is nothing. */
  static @Nullable Interval selectionRate(Shown[] groups) {
    Shown all = sum(groups);
    return all.total() == 0
        ? null
        : interval(groups, Shown::total, Shown::selectionRate, all.shown(), all.total());
  }

  /**
   * Of a share. Where too few groups have trials, or none of the draws differs from another, it is
   * as if each outcome were a trial of its own: draws would claim to be certain.
   */
  private static Interval interval(
      Shown[] groups,
      ToLongFunction<Shown> trialsOf,
      ToDoubleFunction<Shown> rate,
      long successes,
      long trials) {
    if (isFew(Arrays.stream(groups).filter(its -> trialsOf.applyAsLong(its) > 0).count())) {
      return Interval.wilson(successes, trials);
    }
    Interval drawn =
        interval(
            times -> {
              long found = 0;
              long shown = 0;
              long total = 0;
              for (int group = 0; group < COUNT; group++) {
                found += times[group] * groups[group].found();
                shown += times[group] * groups[group].shown();
                total += times[group] * groups[group].total();
              }
              return rate.applyAsDouble(new Shown(found, shown, total));
            });
    return drawn.low() < drawn.high() ? drawn : Interval.wilson(successes, trials);
  }

  /**
   * The interval of how much more of all one choice shows than another does of the same outcomes;
   * null where too few groups have outcomes.
   */
  static @Nullable Interval gain(Shown[] some, Shown[] others) {
    if (isFew(some)) {
      return null;
    }
    return interval(
        times -> {
          long more = 0;
          long total = 0;
          for (int group = 0; group < COUNT; group++) {
            more += times[group] * (some[group].shown() - others[group].shown());
            total += times[group] * some[group].total();
          }
          return more / (double) total;
        });
  }

  private static boolean isFew(Shown[] groups) {
    return isFew(Arrays.stream(groups).filter(group -> group.total() > 0).count());
  }

  /** Whether so many groups with outcomes are too few for draws to tell anything. */
  static boolean isFew(long groups) {
    return groups < FEWEST;
  }

  /**
   * The interval of whatever is computed of all groups; draws of which nothing comes (NaN) are left
   * out.
   *
   * @param value given how often each group counts
   */
  static Interval interval(ToDoubleFunction<byte[]> value) {
    return middle(
        Arrays.stream(TIMES).mapToDouble(value).filter(one -> !Double.isNaN(one)).toArray());
  }

  /** How often each group was drawn the so manieth time, up to {@value #DRAWS} times. */
  static byte[] draw(int number) {
    return TIMES[number];
  }

  /** Where the middle 95 % of the values of draws lie. */
  static Interval middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int size = sorted.length;
    return size == 0
        ? new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
        : new Interval(sorted[(int) (size * 0.025)], sorted[(int) Math.ceil(size * 0.975) - 1]);
  }

  private static Shown sum(Shown[] groups) {
    return Arrays.stream(groups).reduce(Shown.NONE, Shown::plus);
  }

  private static byte[][] draws() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[][] times = new byte[DRAWS][COUNT];
    for (byte[] draw : times) {
      for (int i = 0; i < COUNT; i++) {
        draw[random.nextInt(COUNT)]++;
      }
    }
    return times;
  }
}
