package io.shelfcast.tuning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The thresholds proposed for a model version, segment by segment. Immutable. */
public final class Tuning {

  private final Map<Segment, TunedSegment> segments = new TreeMap<>();

  /**
   * @param segments {@link Segment#ALL} among them
   */
  Tuning(List<TunedSegment> segments) {
    segments.forEach(segment -> this.segments.put(segment.segment(), segment));
  }

  /** The segments that have thresholds of their own, everything first. */
  public List<TunedSegment> segments() {
    return List.copyOf(segments.values());
  }

  /** The segment that decides about the items of a segment: it, or its nearest parent. */
  public TunedSegment deciding(Segment segment) {
    return segment.nearestIn(segments);
  }

  /** What of all outcomes that it was tuned by is shown. */
  public Shown shown() {
    return segments.values().stream().map(TunedSegment::shown).reduce(Shown.NONE, Shown::plus);
  }

  /** What of them is in stock. */
  public Shown inStock() {
    return segments.values().stream().map(TunedSegment::inStock).reduce(Shown.NONE, Shown::plus);
  }

  /** What it shows of other outcomes. */
  public Shown shown(Map<Segment, ScoreHistogram> outcomes) {
    Shown all = Shown.NONE;
    for (Map.Entry<Segment, ScoreHistogram> segment : outcomes.entrySet()) {
      all = all.plus(shown(segment.getKey(), segment.getValue()));
    }
    return all;
  }

  /** What it shows of outcomes of a segment. */
  public Shown shown(Segment segment, ScoreHistogram outcomes) {
    double out = deciding(segment).thresholds().out();
    return outcomes.from(ScoreBins.of((float) out));
  }
}
