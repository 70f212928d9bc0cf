package io.shelfcast.local.generate;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import java.time.Instant;

/**
 * One snapshot of one model's scores. Stores are numbered from 0 to below {@code stores}, and the
 * products of each from 0 to below {@code itemsPerStore}, whatever the seed: two sets of one size
 * are about the same items.
 */
public record ScoreSet(
    int stores, int itemsPerStore, String modelVersion, Instant scoredAt, long seed) {
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  public ScoreSet {
    check(stores >= 1, "--stores=" + stores + " makes no scores: write 1 or more");
    check(
        itemsPerStore >= 1,
        "--itemsPerStore=" + itemsPerStore + " makes no scores: write 1 or more");
    check(
        ModelVersion.isValidName(modelVersion),
        "--modelVersion='"
            + modelVersion
            + "' is not a name: write 1 to 64 letters, digits, '.', '_' or '-', for example realtime-v2");
    check(
        !scoredAt.isBefore(EARLIEST) && !scoredAt.isAfter(LATEST),
        "--scoredAt=" + scoredAt + " is out of range: write a time from 1970 to 9999");
  }

  public long rows() {
    return (long) stores * itemsPerStore;
  }

  /** As in the real data, where a snapshot's stores are scored one after the other. */
  long scoredAtMicros(long storeId) {
    return Micros.of(scoredAt) + storeId % 600 * 1_000_000;
  }

  ScoreFunction function() {
    return ScoreFunction.of(seed, modelVersion, scoredAt);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
