package io.shelfcast.outcomes;

import io.shelfcast.domain.ScoreBatch;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Cuts batches where the store changes. Score files stand in the order of stores, so that of each
 * file a store is one element. Scores of model versions that are not looked at go no further.
 */
final class ScoresByStore extends DoFn<ScoreBatch, KV<Long, StoreScores>> {
  private static final long serialVersionUID = 1L;

  private final List<String> models;

  ScoresByStore(List<String> models) {
    this.models = List.copyOf(models);
  }

  @ProcessElement
  public void cut(@Element ScoreBatch batch, OutputReceiver<KV<Long, StoreScores>> out) {
    int model = models.indexOf(batch.modelVersion());
    if (model < 0) {
      return;
    }
    int from = 0;
    for (int row = 1; row <= batch.size(); row++) {
      if (row == batch.size() || batch.storeId(row) != batch.storeId(from)) {
        out.output(KV.of(batch.storeId(from), StoreScores.of(model, batch, from, row)));
        from = row;
      }
    }
  }
}
