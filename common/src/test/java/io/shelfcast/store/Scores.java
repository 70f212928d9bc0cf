package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import java.util.List;
import java.util.UUID;

/** Batches for tests. */
public final class Scores {

  /** 2024-06-08T06:00:00Z. */
  public static final long T0 = 1_717_826_400_000_000L;

  private Scores() {}

  /** One row; its time is so many seconds after T0. */
  public record Row(long storeId, long productId, double score, long second) {
    public long scoredAtMicros() {
      return T0 + second * 1_000_000L;
    }
  }

  public static Row row(long storeId, long productId, double score, long second) {
    return new Row(storeId, productId, score, second);
  }

  /** A batch with an id of its own. */
  public static ScoreBatch batch(String modelVersion, List<Row> rows) {
    return batch(UUID.randomUUID(), modelVersion, rows);
  }

  public static ScoreBatch batch(UUID id, String modelVersion, List<Row> rows) {
    ScoreBatch.Builder builder = ScoreBatch.builder("test", modelVersion, Math.max(1, rows.size()));
    int position = 0;
    for (Row row : rows) {
      builder.add(++position, row.storeId(), row.productId(), row.score(), row.scoredAtMicros());
    }
    return builder.build(id);
  }

  public static TaggedScores tagged(short modelVersionId, Row... rows) {
    return new TaggedScores(modelVersionId, batch("m" + modelVersionId, List.of(rows)));
  }
}
