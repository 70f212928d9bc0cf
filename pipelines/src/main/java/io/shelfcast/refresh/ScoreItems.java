package io.shelfcast.refresh;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowRules;
import io.shelfcast.scoring.Scores;
import io.shelfcast.scoring.ScoringApi;
import io.shelfcast.scoring.ScoringConfig;
import io.shelfcast.scoring.ScoringFailure;
import io.shelfcast.scoring.ScoringResult;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.RulesSource;
import io.shelfcast.transforms.ScoreBatchCoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks the scoring API, in one call for each element. Several calls are in flight at once, and the
 * next is only made when there are not too many; a bundle ends when all of its calls have their
 * answers, so that whatever is committed because of it is committed for good.
 *
 * <p><b>Retries</b> of calls are {@link ScoringApi}'s, bounded in number and time; meanwhile the
 * step waits, and with it what comes before: Kafka keeps the rest. Items that got no score become
 * dead letters that ask for it again. A bundle that the runner tries again asks again.
 */
public final class ScoreItems extends PTransform<PCollection<ItemsToScore>, Checked<ScoreBatch>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ScoreBatch> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final ScoringConfig config;
  private final RulesSource rules;

  private ScoreItems(ScoringConfig config, RulesSource rules) {
    this.config = config;
    this.rules = rules;
  }

  /** By the scoring API of these settings, whose scores have to keep to these rules. */
  public static ScoreItems by(ScoringConfig config, RulesSource rules) {
    return new ScoreItems(config, rules);
  }

  @Override
  public Checked<ScoreBatch> expand(PCollection<ItemsToScore> input) {
    return Checked.of(
        input.apply(
            "Call model",
            ParDo.of(new CallModel(config, rules))
                .withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        ScoreBatchCoder.of(),
        REJECTED);
  }

  private static final class CallModel extends DoFn<ItemsToScore, ScoreBatch> {
    private static final long serialVersionUID = 1L;

    /** How long nothing may be heard before the metrics are told that calls are held back. */
    private static final long SILENCE_MILLIS = 1000;

    private final ScoringConfig config;
    private final RulesSource rules;
    private final RefreshMetrics metrics = new RefreshMetrics();
    private transient Deque<Call> inFlight = new ArrayDeque<>();

    CallModel(ScoringConfig config, RulesSource rules) {
      this.config = config;
      this.rules = rules;
    }

    private record Call(ItemsToScore items, Future<ScoringResult> result) {}

    private record Answer(@Nullable ScoreBatch scores, @Nullable RejectedRows rejected) {}

    @StartBundle
    public void start() {
      inFlight = new ArrayDeque<>();
    }

    @ProcessElement
    public void call(@Element ItemsToScore items, MultiOutputReceiver out) {
      while (!inFlight.isEmpty()
          && (inFlight.size() >= config.maxInFlight() || inFlight.element().result().isDone())) {
        Answer answer = await(inFlight.remove());
        if (answer.scores() != null) {
          out.get(ACCEPTED).output(answer.scores());
        }
        if (answer.rejected() != null) {
          out.get(REJECTED).output(answer.rejected());
        }
      }
      inFlight.add(
          new Call(
              items,
              ScoringApi.shared(config)
                  .submit(items.modelVersion(), items.storeIds(), items.productIds())));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      Instant timestamp = GlobalWindow.INSTANCE.maxTimestamp();
      while (!inFlight.isEmpty()) {
        Answer answer = await(inFlight.remove());
        if (answer.scores() != null) {
          context.output(ACCEPTED, answer.scores(), timestamp, GlobalWindow.INSTANCE);
        }
        if (answer.rejected() != null) {
          context.output(REJECTED, answer.rejected(), timestamp, GlobalWindow.INSTANCE);
        }
      }
    }

    private Answer await(Call call) {
      ScoringResult result;
      try {
        result = get(call.result());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a scoring call was broken off", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a scoring call was in flight", e);
      }
      Answer answer = read(call.items(), result);
      metrics.answered(
          result,
          answer.scores() == null ? 0 : answer.scores().size(),
          ScoringApi.shared(config).openBreakers());
      return answer;
    }

    private ScoringResult get(Future<ScoringResult> result)
        throws ExecutionException, InterruptedException {
      while (true) {
        try {
          return result.get(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          metrics.waiting(ScoringApi.shared(config).openBreakers());
        }
      }
    }

    private Answer read(ItemsToScore items, ScoringResult result) {
      RowRules now = rules.rules();
      ScoreBatch.Builder scored =
          ScoreBatch.builder(source(items), items.modelVersion(), items.size());
      List<RejectedRow> rejected = new ArrayList<>();
      int item = 0;
      for (ReceivedRequest received : items.requests()) {
        RefreshRequest request = received.request();
        for (int i = 0; i < request.size(); i++) {
          Rejection wrong = why(result, item, request.storeId(), request.productId(i), now);
          if (wrong == null && result.answer() instanceof Scores scores) {
            scored.add(
                received.position(),
                request.storeId(),
                request.productId(i),
                scores.score(item),
                scores.scoredAtMicros());
            scored.requestedAt(request.requestedAtMicros());
          } else if (wrong != null) {
            rejected.add(rejected(items.modelVersion(), received, i, wrong));
          }
          item++;
        }
      }
      String name = name(items);
      return new Answer(
          scored.size() == 0
              ? null
              : scored.build(ScoreBatch.idOf("scored", name, items.modelVersion())),
          rejected.isEmpty()
              ? null
              : new RejectedRows(
                  ScoreBatch.idOf("not scored", name, items.modelVersion()), rejected));
    }

    /** Why the item has no score that can be taken; null: it has. */
    private static @Nullable Rejection why(
        ScoringResult result, int item, long storeId, long productId, RowRules rules) {
      if (result.answer() instanceof Scores scores) {
        return scores.isMissing(item)
            ? new Rejection.Missing(Column.SCORE)
            : rules.check(storeId, productId, scores.score(item), scores.scoredAtMicros());
      }
      ScoringFailure failure = (ScoringFailure) result.answer();
      return new Rejection.NotScored(failure.reason(), failure.detail());
    }

    /** A request for the one score, so that a replay asks for no other. */
    private static RejectedRow rejected(
        String modelVersion, ReceivedRequest received, int product, Rejection why) {
      RefreshRequest one =
          received
              .request()
              .withProducts(new long[] {received.request().productId(product)})
              .ofModelVersion(modelVersion);
      return why.rejectedRequest(received.place(), received.position(), RefreshRequestText.of(one));
    }

    /** The topic that the requests are from, whose partitions meet here; or the table. */
    private static String source(ItemsToScore items) {
      return items.requests().get(0).place().replaceFirst("/\\d+$", "");
    }

    /** The same for the same items asked for by the same requests. */
    private static String name(ItemsToScore items) {
      StringBuilder name = new StringBuilder();
      for (ReceivedRequest received : items.requests()) {
        name.append(received.place()).append(':').append(received.position());
        for (int i = 0; i < received.request().size(); i++) {
          name.append(',').append(received.request().productId(i));
        }
      }
      return name.toString();
    }
  }
}
