package io.shelfcast.run;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.RunLedger;
import io.shelfcast.transforms.Written;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * The last step of a run: when all that it read is durable, marks it as succeeded in the ledger,
 * provided that each row is accounted for. In the pipeline and not in the program that started it,
 * which may be long gone.
 */
public final class FinishRun extends PTransform<PCollection<Long>, PDone> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;
  private final transient List<PCollection<RowCounts>> written;

  private FinishRun(DatabaseConfig database, String runId, List<PCollection<RowCounts>> written) {
    this.database = database;
    this.runId = runId;
    this.written = written;
  }

  /** Ends the run in that database's ledger after these writes. */
  public static FinishRun after(
      DatabaseConfig database, String runId, Written scores, Written deadLetters) {
    return new FinishRun(database, runId, List.of(scores.counts(), deadLetters.counts()));
  }

  /** Takes the numbers of rows that the run's sources gave out. */
  @Override
  public PDone expand(PCollection<Long> rowsRead) {
    rowsRead
        .apply("Sum rows read", Sum.longsGlobally())
        .apply("Wait for writes", Wait.on(List.copyOf(written)))
        .apply("Mark succeeded", ParDo.of(new MarkSucceeded(database, runId)));
    return PDone.in(rowsRead.getPipeline());
  }

  private static final class MarkSucceeded extends DoFn<Long, Void> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final String runId;

    MarkSucceeded(DatabaseConfig database, String runId) {
      this.database = database;
      this.runId = runId;
    }

    @ProcessElement
    public void succeed(@Element Long rowsRead) {
      new RunLedger(Database.shared(database)).succeed(runId, rowsRead);
    }
  }
}
