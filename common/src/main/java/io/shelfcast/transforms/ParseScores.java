package io.shelfcast.transforms;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowPayload;
import io.shelfcast.quality.RowRules;
import io.shelfcast.quality.ScoreText;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Reads score rows that are JSON text, of dead letters, say, and makes batches of them. */
public final class ParseScores extends PTransform<PCollection<RawRows>, Checked<ScoreBatch>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ScoreBatch> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final RulesSource rules;
  private final @Nullable String defaultModelVersion;

  private ParseScores(RulesSource rules, @Nullable String defaultModelVersion) {
    this.rules = rules;
    this.defaultModelVersion = defaultModelVersion;
  }

  /** As {@link #with(RulesSource, String)}, always by these rules. */
  public static ParseScores with(RowRules rules, @Nullable String defaultModelVersion) {
    return with(RulesSource.fixed(rules), defaultModelVersion);
  }

  /** By these rules; the model version is that of rows that name none, null: they are rejected. */
  public static ParseScores with(RulesSource rules, @Nullable String defaultModelVersion) {
    return new ParseScores(rules, defaultModelVersion);
  }

  @Override
  public Checked<ScoreBatch> expand(PCollection<RawRows> input) {
    return Checked.of(
        input.apply(
            "Parse rows",
            ParDo.of(new ParseRows(rules, defaultModelVersion))
                .withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        ScoreBatchCoder.of(),
        REJECTED);
  }

  private static final class ParseRows extends DoFn<RawRows, ScoreBatch> {
    private static final long serialVersionUID = 1L;

    private final RulesSource rules;
    private final @Nullable String defaultModelVersion;

    ParseRows(RulesSource rules, @Nullable String defaultModelVersion) {
      this.rules = rules;
      this.defaultModelVersion = defaultModelVersion;
    }

    @ProcessElement
    public void parse(@Element RawRows raw, MultiOutputReceiver out) {
      ScoreText text = new ScoreText(rules.rules(), defaultModelVersion);
      BatchAssembler assembler =
          new BatchAssembler(
              raw.source(),
              raw.part(),
              raw.rows().size(),
              out.get(ACCEPTED)::output,
              out.get(REJECTED)::output);
      for (RawRows.RawRow row : raw.rows()) {
        Rejection wrong = read(text, RowPayload.parse(row.payload()));
        if (wrong == null) {
          text.acceptInto(assembler, row.position());
        } else {
          assembler.reject(row.position(), row.payload(), wrong);
        }
      }
      assembler.finish();
    }

    private static @Nullable Rejection read(
        ScoreText text, @Nullable Map<String, @Nullable String> values) {
      if (values == null) {
        return new Rejection.WrongShape("the row is not a JSON object of plain values");
      }
      return text.read(
          values.get(Column.STORE_ID.word()),
          values.get(Column.PRODUCT_ID.word()),
          values.get(Column.MODEL_VERSION.word()),
          values.get(Column.SCORE.word()),
          values.get(Column.SCORED_AT.word()));
    }
  }
}
