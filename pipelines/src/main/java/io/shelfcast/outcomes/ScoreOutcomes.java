package io.shelfcast.outcomes;

import io.shelfcast.tuning.ScoreBins;
import io.shelfcast.tuning.StoreGroups;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Holds each outcome against the scores in force at its time, store by store. In memory are one
 * store's outcomes, and the scores of the products that they are of.
 */
final class ScoreOutcomes extends PTransform<PCollection<KV<Long, Outcome>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Outcomes that every model version had a score for. */
  static final TupleTag<ScoredOutcome> SCORED = new TupleTag<>("scored") {};

  /** What became of all. */
  static final TupleTag<OutcomeCounts> COUNTS = new TupleTag<>("counts") {};

  private static final TupleTag<Outcome> OUTCOMES = new TupleTag<>("outcomes");
  private static final TupleTag<StoreScores> SCORES = new TupleTag<>("scores");

  private final PCollection<KV<Long, StoreScores>> scores;
  private final int models;
  private final long resolutionMicros;
  private final ItemSegments segments;

  private ScoreOutcomes(
      PCollection<KV<Long, StoreScores>> scores,
      int models,
      long resolutionMicros,
      ItemSegments segments) {
    this.scores = scores;
    this.models = models;
    this.resolutionMicros = resolutionMicros;
    this.segments = segments;
  }

  /**
   * With the scores of so many model versions.
   *
   * @param resolutionMicros what times are cut to before they are compared
   */
  static ScoreOutcomes with(
      PCollection<KV<Long, StoreScores>> scores,
      int models,
      long resolutionMicros,
      ItemSegments segments) {
    return new ScoreOutcomes(scores, models, resolutionMicros, segments);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<Long, Outcome>> outcomes) {
    PCollectionTuple scored =
        KeyedPCollectionTuple.of(OUTCOMES, outcomes)
            .and(SCORES, scores)
            .apply("Group by store", CoGroupByKey.create())
            .apply(
                "Find scores",
                ParDo.of(new FindScores(models, resolutionMicros, segments))
                    .withOutputTags(SCORED, TupleTagList.of(COUNTS)));
    scored.get(SCORED).setCoder(ScoredOutcomeCoder.of());
    scored.get(COUNTS).setCoder(SerializableCoder.of(OutcomeCounts.class));
    return scored;
  }

  private static final class FindScores extends DoFn<KV<Long, CoGbkResult>, ScoredOutcome> {
    private static final long serialVersionUID = 1L;

    private final int models;
    private final long resolutionMicros;
    private final ItemSegments segments;

    FindScores(int models, long resolutionMicros, ItemSegments segments) {
      this.models = models;
      this.resolutionMicros = resolutionMicros;
      this.segments = segments;
    }

    @ProcessElement
    public void find(@Element KV<Long, CoGbkResult> store, MultiOutputReceiver out) {
      out.get(COUNTS)
          .output(
              find(
                  store.getKey(),
                  store.getValue().getAll(OUTCOMES),
                  store.getValue().getAll(SCORES),
                  out.get(SCORED)::output));
    }

    private OutcomeCounts find(
        long storeId,
        Iterable<Outcome> all,
        Iterable<StoreScores> scores,
        Consumer<ScoredOutcome> scored) {
      List<Outcome> outcomes = new ArrayList<>();
      Map<Line, Outcome> lines = new HashMap<>();
      long read = 0;
      for (Outcome outcome : all) {
        read++;
        if (outcome.orderId() == null) {
          outcomes.add(outcome);
        } else {
          lines.merge(new Line(outcome.orderId(), outcome.productId()), outcome, FindScores::last);
        }
      }
      outcomes.addAll(lines.values());
      Map<Long, ScoreHistory[]> histories = histories(outcomes, scores);
      long beforeFirst = 0;
      long withoutScore = 0;
      int storeGroup = StoreGroups.of(storeId);
      for (Outcome outcome : outcomes) {
        ScoreHistory[] history = histories.computeIfAbsent(outcome.productId(), any -> empty());
        int[] bins = new int[models];
        boolean isKnown = true;
        boolean isScored = true;
        for (int model = 0; model < models; model++) {
          float score = history[model].inForceAt(outcome.orderedAtMicros());
          isKnown &= !history[model].isEmpty();
          isScored &= !Float.isNaN(score);
          bins[model] = isScored ? ScoreBins.of(score) : 0;
        }
        if (!isKnown) {
          withoutScore++;
        } else if (!isScored) {
          beforeFirst++;
        } else {
          scored.accept(
              new ScoredOutcome(
                  segments.of(storeId, outcome.productId(), outcome.orderedAtMicros()),
                  storeGroup,
                  outcome.orderedAtMicros(),
                  outcome.found(),
                  bins));
        }
      }
      return new OutcomeCounts(
          outcomes.size() - beforeFirst - withoutScore,
          read - outcomes.size(),
          beforeFirst,
          withoutScore,
          0,
          0);
    }

    /**
     * Of outcomes of one line of an order, the last word; of two words of one time, that it was not
     * there. So it does not matter which of them is read first.
     */
    private static Outcome last(Outcome some, Outcome other) {
      if (some.orderedAtMicros() != other.orderedAtMicros()) {
        return some.orderedAtMicros() > other.orderedAtMicros() ? some : other;
      }
      return some.found() ? other : some;
    }

    private record Line(String orderId, long productId) {}

    private Map<Long, ScoreHistory[]> histories(
        List<Outcome> outcomes, Iterable<StoreScores> scores) {
      Map<Long, ScoreHistory[]> histories = new HashMap<>();
      for (Outcome outcome : outcomes) {
        histories.computeIfAbsent(outcome.productId(), any -> empty());
      }
      for (StoreScores some : scores) {
        for (int row = 0; row < some.size(); row++) {
          ScoreHistory[] history = histories.get(some.productId(row));
          if (history != null) {
            history[some.model()].add(some.scoredAtMicros(row), some.score(row));
          }
        }
      }
      return histories;
    }

    private ScoreHistory[] empty() {
      ScoreHistory[] history = new ScoreHistory[models];
      for (int model = 0; model < models; model++) {
        history[model] = new ScoreHistory(resolutionMicros);
      }
      return history;
    }
  }
}
