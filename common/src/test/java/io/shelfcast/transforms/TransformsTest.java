package io.shelfcast.transforms;

import static io.shelfcast.store.Scores.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.RowRules;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.Origin;
import io.shelfcast.store.RetiredPartitions;
import io.shelfcast.store.Runs;
import io.shelfcast.store.Scores;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/** The wiring of the shared transforms; what they do is tested where it is done. */
class TransformsTest {

  private static final RowRules RULES =
      RowRules.asOf(Instant.parse("2024-06-08T12:00:00Z"), Duration.ofMinutes(5));

  private final TestDatabase test = TestDatabase.create();
  private final Pipeline pipeline = Pipeline.create();

  @Test
  void validRowsGoOnAndTheOthersComeOutWithTheirReason() {
    ScoreBatch mixed =
        Scores.batch("m", List.of(row(1, 1, 0.5, 1), row(1, 2, 1.5, 1), row(-1, 3, 0.5, 1)));
    ScoreBatch good = Scores.batch("m", List.of(row(2, 1, 0.5, 1)));
    Checked<ScoreBatch> checked =
        batches(mixed, good).apply("Validate scores", ValidateScores.with(RULES));

    PAssert.that(checked.accepted()).containsInAnyOrder(mixed.select(new int[] {0}), good);
    PAssert.that(checked.rejected())
        .satisfies(rejected -> assertReasons(rejected, "score_out_of_range", "store_id_negative"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void anUnknownModelVersionIsRegisteredOrRejectedAsAskedAndARetiredOneIsRejected() {
    ModelRegistry registry = new ModelRegistry(test.database());
    registry.register("retired", ModelStatus.SHADOW);
    registry.retire("retired", RetiredPartitions.DEFAULT_GRACE);
    PCollection<ScoreBatch> input =
        batches(
            Scores.batch("new", List.of(row(1, 1, 0.5, 1), row(1, 2, 0.5, 1))),
            Scores.batch("retired", List.of(row(1, 1, 0.5, 1))));

    Checked<TaggedScores> strict =
        input.apply("Reject", TagModelVersion.from(test.config(), OnUnknownModel.reject));
    PAssert.that(strict.accepted()).empty();
    PAssert.that(strict.rejected())
        .satisfies(
            rejected ->
                assertReasons(
                    rejected,
                    "model_version_retired",
                    "model_version_unknown",
                    "model_version_unknown"));
    pipeline.run().waitUntilFinish();
    assertEquals(1, registry.list().size());

    Pipeline second = Pipeline.create();
    Checked<TaggedScores> open =
        second
            .apply(
                Create.of(Scores.batch("new", List.of(row(1, 1, 0.5, 1))))
                    .withCoder(ScoreBatchCoder.of()))
            .apply("Register", TagModelVersion.from(test.config(), OnUnknownModel.register));
    PAssert.thatSingleton(open.accepted())
        .satisfies(
            tagged -> {
              assertEquals(2, tagged.modelVersionId());
              return null;
            });
    second.run().waitUntilFinish();
    assertEquals(ModelStatus.SHADOW, registry.find("new").orElseThrow().status());
  }

  @Test
  void rowsOfJsonBecomeBatchesAndWhatIsNoGoodRowKeepsItsPayload() {
    RawRows raw =
        new RawRows(
            "topic-0",
            "a",
            List.of(
                new RawRows.RawRow(
                    41,
                    "{\"store_id\":7,\"product_id\":11,\"model_version\":\"m\",\"score\":0.5,"
                        + "\"scored_at\":\"2024-06-08T06:00:00Z\"}"),
                new RawRows.RawRow(42, "{\"store_id\":"),
                new RawRows.RawRow(43, "{\"store_id\":7,\"product_id\":11,\"score\":0.5}")));
    Checked<ScoreBatch> parsed =
        pipeline
            .apply(Create.of(raw).withCoder(RawRowsCoder.of()))
            .apply("Parse scores", ParseScores.with(RULES, null));

    PAssert.thatSingleton(parsed.accepted())
        .satisfies(
            batch -> {
              assertEquals(41, batch.position(0));
              assertEquals(Scores.T0, batch.scoredAtMicros(0));
              return null;
            });
    PAssert.thatSingleton(parsed.rejected())
        .satisfies(
            rejected -> {
              assertEquals("{\"store_id\":", rejected.rows().get(0).payload());
              assertEquals("row_wrong_shape", rejected.rows().get(0).reason());
              assertEquals("model_version_missing", rejected.rows().get(1).reason());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void writtenBatchesAreInTheTableAndTheirCountsComeOut() {
    short model = new ModelRegistry(test.database()).findOrRegister("m").id();
    String run = Runs.start(test.database());
    Written written =
        pipeline
            .apply(
                Create.of(Scores.tagged(model, row(1, 1, 0.5, 1), row(1, 1, 0.6, 2)))
                    .withCoder(TaggedScoresCoder.of()))
            .apply("Upsert scores", UpsertScores.into(test.config(), run, Origin.FULL_SYNC));
    PAssert.that(written.counts()).containsInAnyOrder(new RowCounts(1, 0, 1, 0));
    pipeline.run().waitUntilFinish();
    assertEquals(List.of("0.6"), test.query("SELECT score FROM current_score"));
  }

  private PCollection<ScoreBatch> batches(ScoreBatch... batches) {
    return pipeline.apply(Create.of(List.of(batches)).withCoder(ScoreBatchCoder.of()));
  }

  private static Void assertReasons(Iterable<RejectedRows> rejected, String... reasons) {
    List<String> found =
        StreamSupport.stream(rejected.spliterator(), false)
            .flatMap(rows -> rows.rows().stream())
            .map(RejectedRow::reason)
            .sorted()
            .toList();
    assertEquals(List.of(reasons), found);
    assertTrue(found.size() > 0);
    return null;
  }
}
