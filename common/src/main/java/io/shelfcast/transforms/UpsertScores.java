package io.shelfcast.transforms;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.store.ScoreStore;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Merges each batch into the serving database, in one transaction, under guarantee 1: a row gives
 * way only to one that is greater by (scored_at, score).
 *
 * <p><b>Retries.</b> Transient errors of the database are retried within the step. A bundle that
 * the runner tries again finds, in the run ledger, the batches that its earlier attempt committed,
 * and leaves them as they are; see {@link io.shelfcast.store.RunLedger}. A row that the database
 * refuses for its values becomes a dead letter in the batch's own transaction, and is counted
 * there.
 *
 * <p><b>Bounds.</b> As many transactions at once as the runner has threads here, and as
 * connections: at the most {@link DatabaseConfig#maxConnections()} a worker.
 */
public final class UpsertScores extends PTransform<PCollection<TaggedScores>, Written> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;
  private final Origin origin;

  private UpsertScores(DatabaseConfig database, String runId, Origin origin) {
    this.database = database;
    this.runId = runId;
    this.origin = origin;
  }

  /** Into that database, accounted for in that run, which is in the ledger. */
  public static UpsertScores into(DatabaseConfig database, String runId, Origin origin) {
    return new UpsertScores(database, runId, origin);
  }

  @Override
  public Written expand(PCollection<TaggedScores> input) {
    return new Written(
        input.apply("Merge batch", ParDo.of(new MergeBatch(database, runId, origin))));
  }

  private static final class MergeBatch extends DoFn<TaggedScores, RowCounts> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final String runId;
    private final Origin origin;
    private final Counters counters = new Counters();

    MergeBatch(DatabaseConfig database, String runId, Origin origin) {
      this.database = database;
      this.runId = runId;
      this.origin = origin;
    }

    @ProcessElement
    public void merge(@Element TaggedScores batch, OutputReceiver<RowCounts> out) {
      ScoreStore store = new ScoreStore(Database.shared(database));
      RowCounts counts =
          origin == Origin.REPLAY
              ? store.applyReplayed(runId, batch)
              : store.apply(runId, origin, batch);
      counters.add(counts);
      out.output(counts);
    }
  }
}
