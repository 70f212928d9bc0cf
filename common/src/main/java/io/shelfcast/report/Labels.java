package io.shelfcast.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds places for texts within a frame, beside each other and beside the lines as far as can be.
 */
final class Labels {

  private static final int LONGEST = 32;

  private final PlotSize size;
  private final List<Place> ink;
  private final List<Box> taken = new ArrayList<>();

  private record Box(double left, double top, double right, double bottom) {

    boolean holds(Place place) {
      return place.x() > left && place.x() < right && place.y() > top && place.y() < bottom;
    }

    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  /**
   * A text and where it goes.
   *
   * @param text shortened if it is long
   * @param anchor which end of it is at the place: start or end
   * @param at half way up its letters
   */
  record Label(String text, String anchor, Place at) {}

  private record Candidate(Label label, Box box) {}

  /**
   * Places for one drawing.
   *
   * @param ink what the labels should not cover
   */
  Labels(PlotSize size, List<Place> ink) {
    this.size = size;
    this.ink = List.copyOf(ink);
  }

  /** Keeps labels away from something round. */
  void keepFree(Place centre, double radius) {
    taken.add(
        new Box(
            centre.x() - radius, centre.y() - radius, centre.x() + radius, centre.y() + radius));
  }

  /** A place beside a mark; nothing where there is no room. */
  Optional<Label> beside(Place mark, String text) {
    List<Candidate> candidates = new ArrayList<>();
    for (double lines : new double[] {-0.8, 0.8, 0, -1.9, 1.9, -3, 3}) {
      double y = mark.y() + lines * size.letter();
      candidates.add(candidate(text, "start", mark.x() + size.letter() * 0.6, y));
      candidates.add(candidate(text, "end", mark.x() - size.letter() * 0.6, y));
    }
    return best(candidates.stream());
  }

  /**
   * A place above or below a horizontal line, at one of its ends; nothing where there is no room.
   */
  Optional<Label> along(double y, String text) {
    return best(
        Stream.of(-0.7, 0.7)
            .flatMap(
                lines ->
                    Stream.of(
                        candidate(text, "end", size.right() - 4, y + lines * size.letter()),
                        candidate(text, "start", size.left() + 4, y + lines * size.letter()))));
  }

  private Candidate candidate(String whole, String anchor, double x, double y) {
    int letters = whole.codePointCount(0, whole.length());
    String text =
        letters <= LONGEST
            ? whole
            : whole.substring(0, whole.offsetByCodePoints(0, LONGEST - 1)) + "…";
    // Labels are bold, and short ones may be of wide letters all through.
    double width = size.width(Math.min(letters, LONGEST)) * 1.2;
    double left = anchor.equals("start") ? x : x - width;
    double half = size.letter() * 0.5;
    return new Candidate(
        new Label(text, anchor, new Place(x, y)), new Box(left, y - half, left + width, y + half));
  }

  /** The one that covers the least of the lines; of several, the first. */
  private Optional<Label> best(Stream<Candidate> candidates) {
    Optional<Candidate> best =
        candidates
            .filter(candidate -> isFree(candidate.box()))
            .min(
                Comparator.comparingLong(
                    candidate -> ink.stream().filter(candidate.box()::holds).count()));
    best.ifPresent(candidate -> taken.add(candidate.box()));
    return best.map(Candidate::label);
  }

  private boolean isFree(Box box) {
    return box.left() >= size.left()
        && box.right() <= size.width()
        && box.top() >= size.top() - size.letter() * 0.5
        && box.bottom() <= size.bottom()
        && taken.stream().noneMatch(box::meets);
  }
}
