package io.shelfcast.transforms;

import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Snapshots;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Copies each batch, in one transaction, into the table that the run builds for its model version's
 * partition and that nobody reads before it is swapped in ({@link Snapshots#swapIn}). No shuffle:
 * keys that stand in several batches are found when the key is built.
 *
 * <p><b>Retries, rows that the database refuses, bounds</b> as {@link UpsertScores}.
 */
public final class LoadSnapshot extends PTransform<PCollection<TaggedScores>, Written> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;

  private LoadSnapshot(DatabaseConfig database, String runId) {
    this.database = database;
    this.runId = runId;
  }

  /** Into that database, for that run, which is in the ledger. */
  public static LoadSnapshot into(DatabaseConfig database, String runId) {
    return new LoadSnapshot(database, runId);
  }

  @Override
  public Written expand(PCollection<TaggedScores> input) {
    String run = runId;
    return new Written(
        input.apply(
            "Copy batch",
            ParDo.of(
                new WriteBatches(
                    database, (shared, batch) -> new Snapshots(shared).load(run, batch)))));
  }
}
