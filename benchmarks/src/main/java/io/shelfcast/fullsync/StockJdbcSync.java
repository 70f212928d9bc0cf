package io.shelfcast.fullsync;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.RowRules;
import io.shelfcast.transforms.ValidateScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * The same pipeline with the sink that Beam comes with: files are found, read and validated by the
 * very same steps, which is why this is in their package; then each row is an element, and {@link
 * JdbcIO} upserts it under the same guard.
 */
public final class StockJdbcSync {

  private static final String UPSERT =
      """
      INSERT INTO availability_score AS t
        (store_id, product_id, scored_at, score, model_version_id, origin)
      VALUES (?, ?, ?, ?, ?, 1)
      ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
        SET scored_at = excluded.scored_at, score = excluded.score, origin = excluded.origin
        WHERE (excluded.scored_at, excluded.score) > (t.scored_at, t.score)""";

  private StockJdbcSync() {}

  /** A row as an element, with as cheap a coder as there can be. */
  record Row(long storeId, long productId, double score, long scoredAtMicros) {}

  /**
   * Upserts the rows of the files as scores of one model version.
   *
   * @param jdbcUrl with the user in it
   */
  public static void run(PipelineOptions options, String glob, String jdbcUrl, short model) {
    ScoreFiles files =
        new ScoreFiles(
            ColumnMapping.parse(null), null, RowRules.asOf(Instant.now(), Duration.ofMinutes(5)));
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Find files", FindFiles.matching(List.of(glob), files, 0))
        .apply("Read scores", ReadScores.with(files, 20_000))
        .batches()
        .apply("Validate scores", ValidateScores.with(files.rules()))
        .accepted()
        .apply("Rows", ParDo.of(new Rows()))
        .setCoder(new RowCoder())
        .apply(
            "Write",
            JdbcIO.<Row>write()
                .withDataSourceConfiguration(
                    JdbcIO.DataSourceConfiguration.create("org.postgresql.Driver", jdbcUrl))
                .withStatement(UPSERT)
                .withPreparedStatementSetter(new SetRow(model)));
    pipeline.run().waitUntilFinish();
  }

  private static final class Rows extends DoFn<ScoreBatch, Row> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void rows(@Element ScoreBatch batch, OutputReceiver<Row> out) {
      for (int row = 0; row < batch.size(); row++) {
        out.output(
            new Row(
                batch.storeId(row),
                batch.productId(row),
                batch.score(row),
                batch.scoredAtMicros(row)));
      }
    }
  }

  private record SetRow(short model) implements JdbcIO.PreparedStatementSetter<Row> {
    @Override
    public void setParameters(Row row, PreparedStatement statement) throws SQLException {
      statement.setLong(1, row.storeId());
      statement.setLong(2, row.productId());
      statement.setObject(
          3,
          OffsetDateTime.ofInstant(
              Instant.EPOCH.plus(row.scoredAtMicros(), ChronoUnit.MICROS), ZoneOffset.UTC));
      statement.setFloat(4, (float) row.score());
      statement.setShort(5, model);
    }
  }

  private static final class RowCoder extends AtomicCoder<Row> {
    private static final long serialVersionUID = 1L;

    private static final BigEndianLongCoder LONGS = BigEndianLongCoder.of();

    @Override
    public void encode(Row row, OutputStream out) throws IOException {
      LONGS.encode(row.storeId(), out);
      LONGS.encode(row.productId(), out);
      DoubleCoder.of().encode(row.score(), out);
      LONGS.encode(row.scoredAtMicros(), out);
    }

    @Override
    public Row decode(InputStream in) throws IOException {
      return new Row(
          LONGS.decode(in), LONGS.decode(in), DoubleCoder.of().decode(in), LONGS.decode(in));
    }
  }
}
