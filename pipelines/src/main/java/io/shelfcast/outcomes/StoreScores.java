package io.shelfcast.outcomes;

import io.shelfcast.domain.ScoreBatch;

/**
 * Scores of one store and one model version, as columns: one object costs a runner what one row
 * costs it otherwise. Immutable.
 */
final class StoreScores {

  private final int model;
  private final long[] productIds;
  private final float[] scores;
  private final long[] scoredAtMicros;

  StoreScores(int model, long[] productIds, float[] scores, long[] scoredAtMicros) {
    this.model = model;
    this.productIds = productIds;
    this.scores = scores;
    this.scoredAtMicros = scoredAtMicros;
  }

  /** Of the rows of a batch from one up to another, as the database keeps scores: in 32 bits. */
  static StoreScores of(int model, ScoreBatch batch, int from, int to) {
    int size = to - from;
    long[] productIds = new long[size];
    float[] scores = new float[size];
    long[] scoredAtMicros = new long[size];
    for (int i = 0; i < size; i++) {
      productIds[i] = batch.productId(from + i);
      scores[i] = (float) batch.score(from + i);
      scoredAtMicros[i] = batch.scoredAtMicros(from + i);
    }
    return new StoreScores(model, productIds, scores, scoredAtMicros);
  }

  /** Which of the model versions that are looked at. */
  int model() {
    return model;
  }

  int size() {
    return productIds.length;
  }

  long productId(int row) {
    return productIds[row];
  }

  float score(int row) {
    return scores[row];
  }

  long scoredAtMicros(int row) {
    return scoredAtMicros[row];
  }
}
