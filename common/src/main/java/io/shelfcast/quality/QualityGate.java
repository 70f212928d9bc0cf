package io.shelfcast.quality;

import io.shelfcast.domain.Micros;
import io.shelfcast.quality.Baselines.Baseline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges a whole input before any of its rows becomes visible: by itself, and against the run of
 * the same model version before it.
 *
 * <p><b>Time of day.</b> Shelves empty during the day, and scores fall with them: of one model, on
 * real data, the scores of an evening differ from those of a morning far more ({@code psi} 0.6 to
 * 4) than those of one morning from the next (below 0.1). So the shape of the scores is compared
 * with the last run of the same time of day. While there is none, it is compared with the last run,
 * and only a distribution that hardly overlaps with that one is refused.
 */
public final class QualityGate {

  /** How much more the scores may differ when there is only a run of another time of day. */
  private static final int OTHER_TIME_OF_DAY = 20;

  /** Fewer rows for each store show how rows are spread over stores by chance only. */
  private static final int ROWS_PER_STORE = 20;

  private static final double SAME_STORES = 0.95;

  private final GateLimits limits;
  private final Extent extent;
  private final Instant now;
  private final List<GateCheck> checks = new ArrayList<>();

  private QualityGate(GateLimits limits, Extent extent, Instant now) {
    this.limits = limits;
    this.extent = extent;
    this.now = now;
  }

  /**
   * All that was judged, passed or not; not what there were too few rows for, or no earlier run.
   *
   * @param profile what the input looks like
   * @param baselines the earlier runs to compare a model version with
   * @param expected the model version that the input is said to have all rows of; null: none
   * @param extent how much of what there is the input has
   * @param now what the age of the newest score is counted to
   */
  public static List<GateCheck> judge(
      BatchProfile profile,
      Function<String, Baselines> baselines,
      @Nullable String expected,
      Extent extent,
      GateLimits limits,
      Instant now) {
    QualityGate gate = new QualityGate(limits, extent, now);
    for (Map.Entry<String, ModelProfile> model : profile.models().entrySet()) {
      String name = model.getKey();
      gate.judge(
          name,
          model.getValue(),
          name.equals(BatchProfile.UNKNOWN) ? Baselines.NONE : baselines.apply(name),
          profile.models().size() == 1);
    }
    if (profile.models().size() > 1) {
      long rejected =
          profile.models().values().stream().mapToLong(ModelProfile::unexpectedlyRejected).sum();
      gate.judgeRejects("all", rejected, profile.rows());
    }
    if (expected != null && extent == Extent.COMPLETE && !profile.models().containsKey(expected)) {
      gate.judge(expected, new ModelProfile(), baselines.apply(expected), false);
    }
    return gate.checks;
  }

  private void judge(String name, ModelProfile profile, Baselines baselines, boolean isOnly) {
    if (profile.rows() > 0 || isOnly) {
      // Of a group that nothing was taken in of, as of rows that name no model version, the share
      // says nothing: how many they are among all does.
      judgeRejects(name, profile.unexpectedlyRejected(), profile.rows() + profile.rejected());
    }
    if (extent == Extent.COMPLETE && baselines.last() != null) {
      judgeRowDrop(name, profile, baselines.last());
    }
    if (profile.rows() == 0) {
      return;
    }
    // What changed may well have changed in some stores only.
    if (baselines.last() != null && extent != Extent.INCREMENT) {
      judgeStores(name, profile, baselines.last());
    }
    judgeAge(name, profile);
    if (profile.rows() >= limits.minRows()) {
      boolean isConstant = profile.min() == profile.max();
      check(
          "constant_scores",
          name,
          isConstant ? 1 : 0,
          0,
          isConstant
              ? "all %,d scores are %s".formatted(profile.rows(), number(profile.min()))
              : "scores from %s to %s".formatted(number(profile.min()), number(profile.max())));
      judgeShape(name, profile, baselines);
    }
  }

  private void judgeRejects(String name, long rejected, long rows) {
    if (rows >= limits.minRows()) {
      double share = (double) rejected / rows;
      check(
          "reject_share",
          name,
          share,
          limits.maxRejectShare(),
          "%,d of %,d rows are rejected".formatted(rejected, rows));
    }
  }

  private void judgeRowDrop(String name, ModelProfile profile, Baseline last) {
    long before = last.profile().items();
    if (before >= limits.minRows()) {
      check(
          "row_drop",
          name,
          Math.max(0, 1 - (double) profile.items() / before),
          limits.maxRowDrop(),
          "%,d items, %,d in run %s".formatted(profile.items(), before, last.runId()));
    }
  }

  private void judgeStores(String name, ModelProfile profile, Baseline last) {
    ModelProfile before = last.profile();
    if (before.items() < limits.minRows()) {
      return;
    }
    StoreComparison stores =
        profile.stores.compare(
            before.stores, profile.rowsPerItem(), before.rowsPerItem(), limits.maxRowDrop());
    if (extent == Extent.COMPLETE) {
      check(
          "stores_short",
          name,
          stores.missingOrShortShare(),
          limits.maxStoresShort(),
          "of %,d stores in run %s, %,d are missing and %,d have lost more than %s of their items"
              .formatted(
                  stores.baselineStores(),
                  last.runId(),
                  stores.missing(),
                  stores.shortStores(),
                  percent(limits.maxRowDrop())));
    }
    boolean isEnough =
        profile.items() >= ROWS_PER_STORE * stores.stores()
            && before.items() >= ROWS_PER_STORE * stores.baselineStores();
    if (isEnough && stores.isOfTheSameStores(SAME_STORES)) {
      check(
          "store_shift",
          name,
          stores.shift(),
          limits.maxPsi(),
          "how the items are spread over the stores, against run %s".formatted(last.runId()));
    }
  }

  private void judgeAge(String name, ModelProfile profile) {
    Duration maxAge = limits.maxScoreAge();
    if (maxAge != null) {
      Instant newest = Micros.toInstant(profile.newestMicros());
      check(
          "newest_score_age",
          name,
          Math.max(0, Duration.between(newest, now).toMillis() / 1000.0),
          maxAge.toMillis() / 1000.0,
          "the newest score was made at " + newest);
    }
  }

  private void judgeShape(String name, ModelProfile profile, Baselines baselines) {
    boolean isAlike = baselines.alike() != null;
    Baseline baseline = isAlike ? baselines.alike() : baselines.last();
    if (baseline == null || baseline.profile().rows() < limits.minRows()) {
      return;
    }
    ModelProfile before = baseline.profile();
    check(
        "distribution_shift",
        name,
        Psi.of(before.histogram, profile.histogram),
        isAlike ? limits.maxPsi() : OTHER_TIME_OF_DAY * limits.maxPsi(),
        "mean score %s, %s in run %s%s"
            .formatted(
                number(profile.mean()),
                number(before.mean()),
                baseline.runId(),
                isAlike ? "" : ", which is of another time of day"));
  }

  private void check(String name, String modelVersion, double value, double limit, String detail) {
    checks.add(new GateCheck(name, modelVersion, value <= limit, value, limit, detail));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", share * 100);
  }
}
