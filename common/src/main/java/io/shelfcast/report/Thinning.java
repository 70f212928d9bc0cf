package io.shelfcast.report;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Takes from a long line the points without which it looks the same. It starts with its ends and
 * its extremes, and takes again and again the point that is farthest from the line drawn so far
 * (Douglas and Peucker's way, but with a count where they have a distance only).
 */
final class Thinning {

  /** Of points in a line. Some 5 kB, and more than a screen can show of a curve. */
  static final int LIMIT = 400;

  /** In units of the drawing; what is nearer to the line than this nobody sees. */
  private static final double UNSEEN = 0.05;

  private final List<Place> places;

  /** The farthest of the points between two that are kept. */
  private record Gap(int start, int end, int farthest, double distance) {}

  private Thinning(List<Place> places) {
    this.places = places;
  }

  /**
   * The indices to keep: all of a line of at most {@value #LIMIT}, else at most that many.
   *
   * @param places in units of the drawing
   */
  static BitSet kept(List<Place> places) {
    BitSet kept = new BitSet(places.size());
    if (places.size() <= LIMIT) {
      kept.set(0, places.size());
      return kept;
    }
    return new Thinning(places).kept();
  }

  private BitSet kept() {
    BitSet kept = new BitSet(places.size());
    kept.set(0);
    kept.set(places.size() - 1);
    for (Comparator<Place> order :
        List.of(Comparator.comparingDouble(Place::x), Comparator.comparingDouble(Place::y))) {
      kept.set(first(order));
      kept.set(first(order.reversed()));
    }
    PriorityQueue<Gap> gaps =
        new PriorityQueue<>(
            Comparator.comparingDouble(Gap::distance).reversed().thenComparingInt(Gap::start));
    for (int start = 0, end; (end = kept.nextSetBit(start + 1)) > 0; start = end) {
      gaps.add(gap(start, end));
    }
    while (kept.cardinality() < LIMIT) {
      Gap widest = gaps.remove();
      if (widest.distance() < UNSEEN) {
        break;
      }
      kept.set(widest.farthest());
      gaps.add(gap(widest.start(), widest.farthest()));
      gaps.add(gap(widest.farthest(), widest.end()));
    }
    return kept;
  }

  private int first(Comparator<Place> order) {
    int first = 0;
    for (int i = 1; i < places.size(); i++) {
      if (order.compare(places.get(i), places.get(first)) < 0) {
        first = i;
      }
    }
    return first;
  }

  private Gap gap(int start, int end) {
    int farthest = start;
    double distance = 0;
    for (int i = start + 1; i < end; i++) {
      double away = places.get(i).distanceTo(places.get(start), places.get(end));
      if (away > distance) {
        farthest = i;
        distance = away;
      }
    }
    return new Gap(start, end, farthest, distance);
  }
}
