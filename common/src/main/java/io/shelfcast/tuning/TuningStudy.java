package io.shelfcast.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proposes thresholds by outcomes, and holds them against the last part of the time.
 *
 * @param tuning the thresholds, by all outcomes
 * @param segments of each of its segments, what is known of it
 * @param all what is known of everything together
 * @param oneForAll one threshold for all, tuned in the same way
 * @param outOfTime null: one part of the time has no outcomes, or its thresholds show nothing
 * @param quality of the scores; null without outcomes
 */
public record TuningStudy(
    Tuning tuning,
    List<SegmentStudy> segments,
    SegmentStudy all,
    Tuning oneForAll,
    @Nullable OutOfTime outOfTime,
    @Nullable ScoreQuality quality) {

  /**
   * What is known of a segment.
   *
   * @param segment which; without those of its segments that have thresholds of their own
   * @param shown what the thresholds show of it
   * @param foundRate where its found rate lies; null: nothing is shown
   * @param selectionRate where the share that is shown lies; null: it has no outcomes
   * @param curve what each threshold would show of it, with all its segments; null: it is not among
   *     the largest
   */
  public record SegmentStudy(
      Segment segment,
      Shown shown,
      @Nullable Interval foundRate,
      @Nullable Interval selectionRate,
      @Nullable SelectionCurve curve) {}

  /**
   * Goes over the outcomes three times, and holds in memory what it counts of each segment, but not
   * of each group of stores.
   *
   * @param mostCurves of so many segments, the largest, there are curves
   * @throws IllegalStateException when there are too many segments to tune at once
   */
  public static TuningStudy of(
      Iterable<OutcomeCell> outcomes, TuningTargets targets, int mostCurves) {
    Map<Segment, ScoreHistogram> first = new TreeMap<>();
    Map<Segment, ScoreHistogram> last = new TreeMap<>();
    Map<Segment, ScoreHistogram> both = new TreeMap<>();
    for (OutcomeCell cell : outcomes) {
      histogram(both, cell.segment()).merge(cell.outcomes());
      histogram(cell.isLast() ? last : first, cell.segment()).merge(cell.outcomes());
    }
    Tuning tuning = ThresholdTuner.tune(both, targets);
    ScoreHistogram sum = ScoreHistogram.sum(both.values());
    Groups all = new Groups();
    Map<Segment, Groups> groups = new TreeMap<>();
    for (OutcomeCell cell : outcomes) {
      Shown shown = tuning.shown(cell.segment(), cell.outcomes());
      all.add(cell.storeGroup(), shown);
      groups
          .computeIfAbsent(tuning.deciding(cell.segment()).segment(), any -> new Groups())
          .add(cell.storeGroup(), shown);
    }
    Set<Segment> largest =
        tuning.segments().stream()
            .filter(tuned -> !tuned.segment().isAll() && tuned.shown().total() > 0)
            .sorted(Comparator.comparingLong((TunedSegment tuned) -> -tuned.shown().total()))
            .limit(mostCurves)
            .map(TunedSegment::segment)
            .collect(Collectors.toSet());
    List<SegmentStudy> segments = new ArrayList<>();
    for (TunedSegment tuned : tuning.segments()) {
      segments.add(
          groups
              .computeIfAbsent(tuned.segment(), any -> new Groups())
              .study(
                  tuned.segment(),
                  tuned.shown(),
                  largest.contains(tuned.segment()) ? whole(both, tuned.segment()) : null));
    }
    return new TuningStudy(
        tuning,
        List.copyOf(segments),
        all.study(Segment.ALL, tuning.shown(), sum),
        ThresholdTuner.tune(Map.of(Segment.ALL, sum), targets),
        outOfTime(outcomes, first, last, targets),
        sum.size() == 0 ? null : ScoreQuality.of(sum));
  }

  private static @Nullable OutOfTime outOfTime(
      Iterable<OutcomeCell> outcomes,
      Map<Segment, ScoreHistogram> first,
      Map<Segment, ScoreHistogram> last,
      TuningTargets targets) {
    Tuning tuned = ThresholdTuner.tune(first, targets);
    Shown segments = tuned.shown(last);
    if (!tuned.shown().meets(targets.foundRate()) || segments.total() == 0) {
      return null;
    }
    ScoreHistogram sum = ScoreHistogram.sum(last.values());
    Tuning one =
        ThresholdTuner.tune(Map.of(Segment.ALL, ScoreHistogram.sum(first.values())), targets);
    SelectionCurve.@Nullable Point same =
        segments.shown() == 0
            ? null
            : SelectionCurve.of(sum).most(segments.foundRate()).orElse(null);
    Groups bySegments = new Groups();
    Groups byOne = new Groups();
    for (OutcomeCell cell : outcomes) {
      if (cell.isLast()) {
        bySegments.add(cell.storeGroup(), tuned.shown(cell.segment(), cell.outcomes()));
        if (same != null) {
          byOne.add(cell.storeGroup(), cell.outcomes().from(same.bin()));
        }
      }
    }
    return new OutOfTime(
        segments,
        StoreGroups.foundRate(bySegments.shown),
        one.shown(Segment.ALL, sum),
        same == null ? null : same.shown(),
        same == null ? 0 : segments.selectionRate() - same.shown().selectionRate(),
        same == null ? null : StoreGroups.gain(bySegments.shown, byOne.shown));
  }

  private static ScoreHistogram whole(Map<Segment, ScoreHistogram> outcomes, Segment segment) {
    int depth = segment.values().size();
    return ScoreHistogram.sum(
        outcomes.entrySet().stream()
            .filter(
                its ->
                    its.getKey().values().size() >= depth
                        && its.getKey().values().subList(0, depth).equals(segment.values()))
            .map(Map.Entry::getValue)
            .toList());
  }

  private static ScoreHistogram histogram(
      Map<Segment, ScoreHistogram> histograms, Segment segment) {
    return histograms.computeIfAbsent(segment, any -> new ScoreHistogram());
  }

  /** What is shown, group by group of stores. */
  private static final class Groups {
    private final Shown[] shown = new Shown[StoreGroups.COUNT];

    Groups() {
      Arrays.fill(shown, Shown.NONE);
    }

    void add(int group, Shown more) {
      shown[group] = shown[group].plus(more);
    }

    SegmentStudy study(Segment segment, Shown all, @Nullable ScoreHistogram outcomes) {
      return new SegmentStudy(
          segment,
          all,
          StoreGroups.foundRate(shown),
          StoreGroups.selectionRate(shown),
          outcomes == null ? null : SelectionCurve.of(outcomes));
    }
  }
}
