package io.shelfcast.transforms;

import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Materiality;
import io.shelfcast.store.Origin;
import io.shelfcast.store.ScoreStore;
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
 * <p><b>Bounds.</b> At the most {@link DatabaseConfig#maxConnections()} transactions at once on a
 * worker, and two batches for each of the runner's threads.
 */
public final class UpsertScores extends PTransform<PCollection<TaggedScores>, Written> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;
  private final Origin origin;
  private final Materiality materiality;
  private final CommitListener commits;

  private UpsertScores(
      DatabaseConfig database,
      String runId,
      Origin origin,
      Materiality materiality,
      CommitListener commits) {
    this.database = database;
    this.runId = runId;
    this.origin = origin;
    this.materiality = materiality;
    this.commits = commits;
  }

  /**
   * Into that database, accounted for in that run, which is in the ledger; but for a {@link
   * Origin#REFRESH refresh}, which is no run: its id is only what dead letters name.
   */
  public static UpsertScores into(DatabaseConfig database, String runId, Origin origin) {
    return new UpsertScores(database, runId, origin, Materiality.ALL, CommitListener.NOBODY);
  }

  /** Leaves newer scores out that are not worth a write; they count as kept. */
  public UpsertScores withMateriality(Materiality newMateriality) {
    return new UpsertScores(database, runId, origin, newMateriality, commits);
  }

  /** Tells of each batch that is committed. */
  public UpsertScores tellingOfCommits(CommitListener listener) {
    return new UpsertScores(database, runId, origin, materiality, listener);
  }

  @Override
  public Written expand(PCollection<TaggedScores> input) {
    String run = runId;
    Origin from = origin;
    Materiality worth = materiality;
    return new Written(
        input.apply(
            "Merge batch",
            ParDo.of(
                new WriteBatches(
                    database,
                    (shared, batch) -> {
                      ScoreStore store = new ScoreStore(shared, worth);
                      return switch (from) {
                        case FULL_SYNC -> store.apply(run, from, batch);
                        case REFRESH -> store.applyRefreshed(run, batch);
                        case REPLAY -> store.applyReplayed(run, batch);
                      };
                    },
                    commits))));
  }
}
