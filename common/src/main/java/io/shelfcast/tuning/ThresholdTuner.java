package io.shelfcast.tuning;

import io.shelfcast.policy.Thresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the thresholds that show the most while enough of what is shown is found.
 *
 * <p>The target is one for everything together, and not one for each segment: a segment in which
 * little is found is not hidden for that as a whole, and one in which all is found does not show
 * what elsewhere would be hidden. So all bins of all segments stand in one line, by the share of
 * outcomes that were found there, {@link Calibrated made monotone} within each segment; what is
 * shown is the longest beginning of that line of which enough was found. In a segment the line goes
 * from the greatest score down, so that every beginning of it is a threshold for each segment.
 *
 * <ul>
 *   <li>One threshold for all is the exact optimum of the histogram.
 *   <li>Of several segments what is shown falls short of the optimum by less than the outcomes of
 *       one run of bins of one segment that share a value, as far as their own outcomes go: those
 *       of a parent, which count among them, are there to lead away from what is best for the few
 *       that were seen.
 *   <li>A higher target has a shorter beginning: no threshold falls, and nothing is shown that a
 *       lower target hides. {@code low} comes from the same line, so it is never below {@code out}.
 * </ul>
 *
 * <p>A segment with too few outcomes has no thresholds of its own, and its parent's outcomes count
 * in a segment that has them ({@link TuningTargets#minEvidence}): what is found is counted among a
 * segment's own outcomes only.
 */
public final class ThresholdTuner {

  /** Of all segments together: some 300 MB. A step is counted in each segment that leans on it. */
  static final long MOST_STEPS = 10_000_000;

  private final TuningTargets targets;

  private ThresholdTuner(TuningTargets targets) {
    this.targets = targets;
  }

  /**
   * Proposes thresholds.
   *
   * @param outcomes of each segment, as far as each outcome's values are known
   * @return with {@link Shown#NONE nothing shown} if no thresholds meet the target
   */
  public static Tuning tune(Map<Segment, ScoreHistogram> outcomes, TuningTargets targets) {
    return new ThresholdTuner(targets).tune(outcomes);
  }

  private Tuning tune(Map<Segment, ScoreHistogram> outcomes) {
    List<Node> nodes = nodes(outcomes);
    // How many bins of the line are shown, and how many are in stock.
    long shown = 0;
    long inStock = 0;
    long foundThere = 0;
    long shownThere = 0;
    Line line = new Line(nodes);
    for (long length = 1; line.next(); length++) {
      Node node = line.here();
      if (node.shownHere() == 0 && !node.isShownAnyway()) {
        // It shows nothing more; a lower threshold would only guess.
        continue;
      }
      foundThere += node.foundHere();
      shownThere += node.shownHere();
      Shown there = new Shown(foundThere, shownThere, shownThere);
      if (node.isShownAnyway() || there.meets(targets.foundRate())) {
        shown = length;
      }
      if (node.isShownAnyway() || there.meets(targets.lowFoundRate())) {
        inStock = length;
      }
    }
    int[] out = lowestBins(nodes, shown);
    int[] low = lowestBins(nodes, inStock);
    List<TunedSegment> segments = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      segments.add(
          new TunedSegment(
              node.segment,
              new Thresholds(ScoreBins.edge(low[i]), ScoreBins.edge(out[i])),
              node.evidence,
              node.decided.from(out[i]),
              node.decided.from(low[i])));
    }
    return new Tuning(segments);
  }

  /** The segments that have thresholds of their own, with what each is to decide. */
  private List<Node> nodes(Map<Segment, ScoreHistogram> outcomes) {
    Map<Segment, ScoreHistogram> wholes = new TreeMap<>();
    wholes.put(Segment.ALL, new ScoreHistogram());
    outcomes.forEach(
        (segment, histogram) -> {
          for (Segment at = segment; ; at = at.parent()) {
            wholes.computeIfAbsent(at, its -> new ScoreHistogram()).merge(histogram);
            if (at.isAll()) {
              break;
            }
          }
        });
    // In this order a parent comes before its segments.
    Map<Segment, Node> nodes = new TreeMap<>();
    AtomicLong steps = new AtomicLong();
    wholes.forEach(
        (segment, whole) -> {
          Node parent = segment.isAll() ? null : nodes.get(segment.parent());
          long evidence = whole.total();
          if (segment.isAll() || (parent != null && evidence >= targets.minEvidence())) {
            Node node =
                new Node(
                    segment,
                    evidence,
                    parent == null
                        ? Calibrated.of(whole)
                        : Calibrated.of(whole, parent.calibrated, (double) targets.minEvidence()),
                    nodes.size());
            nodes.put(segment, node);
            if (steps.addAndGet(node.calibrated.size()) > MOST_STEPS) {
              throw new IllegalStateException(
                  "there are more than %,d segments with %d outcomes, too many to tune at once; ask"
                          .formatted(nodes.size() - 1, targets.minEvidence())
                      + " for more outcomes (--minEvidence), or for fewer segments (--by)");
            }
          }
        });
    outcomes.forEach((segment, histogram) -> segment.nearestIn(nodes).decided.merge(histogram));
    return List.copyOf(nodes.values());
  }

  /** The lowest bin of each node among the first so many of the line. */
  private static int[] lowestBins(List<Node> nodes, long length) {
    int[] lowest = new int[nodes.size()];
    // What no threshold can hide is all that a threshold of 1 shows.
    Arrays.fill(lowest, ScoreBins.LAST);
    Line line = new Line(nodes);
    for (long i = 0; i < length && line.next(); i++) {
      lowest[line.here().index] = line.here().bin();
    }
    return lowest;
  }

  /** A segment that has thresholds of its own, and where the line has come to in it. */
  private static final class Node {
    private final Segment segment;
    private final long evidence;
    private final Calibrated calibrated;
    private final int index;
    private final ScoreHistogram decided = new ScoreHistogram();
    private int place;
    private int decidedPlace;

    Node(Segment segment, long evidence, Calibrated calibrated, int index) {
      this.segment = segment;
      this.evidence = evidence;
      this.calibrated = calibrated;
      this.index = index;
    }

    void begin() {
      place = calibrated.size() - 1;
      decidedPlace = decided.size() - 1;
    }

    boolean isAtEnd() {
      return place < 0;
    }

    void step() {
      if (hasOutcomesHere()) {
        decidedPlace--;
      }
      place--;
    }

    int bin() {
      return calibrated.bin(place);
    }

    double share() {
      return calibrated.share(place);
    }

    /** A score of 1 is not below any threshold. */
    boolean isShownAnyway() {
      return bin() == ScoreBins.LAST;
    }

    long foundHere() {
      return hasOutcomesHere() ? decided.found(decidedPlace) : 0;
    }

    long shownHere() {
      return hasOutcomesHere() ? foundHere() + decided.missed(decidedPlace) : 0;
    }

    private boolean hasOutcomesHere() {
      return decidedPlace >= 0 && decided.bin(decidedPlace) == bin();
    }
  }

  /** All bins of all segments, one after the other. */
  private static final class Line {
    private static final Comparator<Node> ORDER =
        Comparator.comparing((Node node) -> !node.isShownAnyway())
            .thenComparing(Comparator.comparingDouble(Node::share).reversed())
            .thenComparingInt(node -> node.index);

    private final PriorityQueue<Node> nodes = new PriorityQueue<>(ORDER);
    private @Nullable Node here;

    Line(List<Node> all) {
      for (Node node : all) {
        node.begin();
        if (!node.isAtEnd()) {
          nodes.add(node);
        }
      }
    }

    boolean next() {
      Node before = here;
      if (before != null) {
        before.step();
        if (!before.isAtEnd()) {
          nodes.add(before);
        }
      }
      here = nodes.poll();
      return here != null;
    }

    Node here() {
      if (here == null) {
        throw new IllegalStateException("the line has ended");
      }
      return here;
    }
  }
}
