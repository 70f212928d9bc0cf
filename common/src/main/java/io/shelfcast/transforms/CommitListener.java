package io.shelfcast.transforms;

import io.shelfcast.domain.TaggedScores;
import java.io.Serializable;

/**
 * Hears of batches that are committed, on the runner's own thread, so that it can count. A batch
 * that is written again is told of again.
 */
public interface CommitListener extends Serializable {

  /** For when nobody listens. */
  CommitListener NOBODY = (batch, committedAtMicros) -> {};

  /**
   * The batch is durable.
   *
   * @param committedAtMicros since when, in microseconds since 1970 (UTC)
   */
  void committed(TaggedScores batch, long committedAtMicros);
}
