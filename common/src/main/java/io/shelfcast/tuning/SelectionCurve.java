package io.shelfcast.tuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each threshold shows of some outcomes and how much of that is found: from the one that shows
 * the greatest scores only to the one that shows all. Immutable.
 */
public final class SelectionCurve {

  private final List<Point> points;

  private SelectionCurve(List<Point> points) {
    this.points = points;
  }

  /**
   * One threshold.
   *
   * @param bin shows the scores of this bin and above
   * @param shown what that is
   */
  public record Point(int bin, Shown shown) implements Serializable {

    /** The threshold. */
    public double threshold() {
      return ScoreBins.edge(bin);
    }
  }

  /** The curve of some outcomes. */
  public static SelectionCurve of(ScoreHistogram outcomes) {
    long total = outcomes.total();
    List<Point> points = new ArrayList<>(outcomes.size());
    long found = 0;
    long shown = 0;
    for (int i = outcomes.size() - 1; i >= 0; i--) {
      found += outcomes.found(i);
      shown += outcomes.found(i) + outcomes.missed(i);
      points.add(new Point(outcomes.bin(i), new Shown(found, shown, total)));
    }
    return new SelectionCurve(List.copyOf(points));
  }

  /** Its points; each shows more than the one before. Empty without outcomes. */
  public List<Point> points() {
    return points;
  }

  /** The point that shows the most of those of which enough is found. */
  public Optional<Point> most(double foundRate) {
    for (int i = points.size() - 1; i >= 0; i--) {
      if (points.get(i).shown().meets(foundRate)) {
        return Optional.of(points.get(i));
      }
    }
    return Optional.empty();
  }
}
