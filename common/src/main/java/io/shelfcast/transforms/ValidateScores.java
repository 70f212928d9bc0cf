package io.shelfcast.transforms;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Holds each row of each batch against the row rules. A batch without a bad row, nearly every one,
 * goes on as the object that it is.
 */
public final class ValidateScores extends PTransform<PCollection<ScoreBatch>, Checked<ScoreBatch>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ScoreBatch> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final RowRules rules;

  private ValidateScores(RowRules rules) {
    this.rules = rules;
  }

  /** By these rules. */
  public static ValidateScores with(RowRules rules) {
    return new ValidateScores(rules);
  }

  @Override
  public Checked<ScoreBatch> expand(PCollection<ScoreBatch> input) {
    return Checked.of(
        input.apply(
            "Check rows",
            ParDo.of(new CheckRows(rules)).withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        ScoreBatchCoder.of(),
        REJECTED);
  }

  private static final class CheckRows extends DoFn<ScoreBatch, ScoreBatch> {
    private static final long serialVersionUID = 1L;

    private final RowRules rules;

    CheckRows(RowRules rules) {
      this.rules = rules;
    }

    @ProcessElement
    public void check(@Element ScoreBatch batch, MultiOutputReceiver out) {
      int[] good = new int[batch.size()];
      int goodRows = 0;
      List<RejectedRow> bad = new ArrayList<>();
      for (int row = 0; row < batch.size(); row++) {
        Rejection wrong = rules.check(batch, row);
        if (wrong == null) {
          good[goodRows++] = row;
        } else {
          bad.add(wrong.rejectedRow(batch, row));
        }
      }
      if (bad.isEmpty()) {
        out.get(ACCEPTED).output(batch);
        return;
      }
      // Not the batch's own id: what is left of the batch still needs that.
      out.get(REJECTED)
          .output(
              new RejectedRows(
                  ScoreBatch.idOf(batch.source(), batch.id().toString(), "rejected"), bad));
      if (goodRows > 0) {
        out.get(ACCEPTED).output(batch.select(Arrays.copyOf(good, goodRows)));
      }
    }
  }
}
