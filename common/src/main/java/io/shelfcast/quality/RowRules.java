package io.shelfcast.quality;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ScoreBatch;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a row with all its values has to keep to. The rules look at numbers only, so that they cost
 * some nanoseconds a row; text becomes numbers in {@link ScoreText}.
 *
 * <p>What counts as the future is fixed when the rules are made, not when a row is looked at: a
 * retry of the same rows then decides the same, which the accounting relies on.
 *
 * @param latestMicros the latest {@code scored_at} that passes, in microseconds since 1970
 */
public record RowRules(long latestMicros) implements Serializable {

  private static final long YEAR_2000_MICROS = 946_684_800_000_000L;

  /** The rules as of a time: scores made more than the skew later are refused. */
  public static RowRules asOf(Instant now, Duration maxFutureSkew) {
    return new RowRules(Micros.of(now.plus(maxFutureSkew)));
  }

  /** The first rule that the row breaks, or null: the row is good. */
  public @Nullable Rejection check(
      long storeId, long productId, double score, long scoredAtMicros) {
    // One test each for the ids and the score, negated so that NaN falls through it as well.
    if ((storeId | productId) >= 0
        && score >= 0.0
        && score <= 1.0
        && scoredAtMicros >= YEAR_2000_MICROS
        && scoredAtMicros <= latestMicros) {
      return null;
    }
    return explain(storeId, productId, score, scoredAtMicros);
  }

  /** Like {@link #check(long, long, double, long)}, of a row of a batch. */
  public @Nullable Rejection check(ScoreBatch batch, int row) {
    return check(
        batch.storeId(row), batch.productId(row), batch.score(row), batch.scoredAtMicros(row));
  }

  private Rejection explain(long storeId, long productId, double score, long scoredAtMicros) {
    if (storeId < 0) {
      return new Rejection.Negative(Column.STORE_ID, storeId);
    }
    if (productId < 0) {
      return new Rejection.Negative(Column.PRODUCT_ID, productId);
    }
    if (Double.isNaN(score)) {
      return new Rejection.ScoreIsNan();
    }
    if (Double.isInfinite(score)) {
      return new Rejection.ScoreIsInfinite(score);
    }
    if (score < 0.0 || score > 1.0) {
      return new Rejection.ScoreOutOfRange(score);
    }
    Instant scoredAt = Micros.toInstant(scoredAtMicros);
    return scoredAtMicros < YEAR_2000_MICROS
        ? new Rejection.ScoredAtBefore2000(scoredAt)
        : new Rejection.ScoredAtInFuture(scoredAt, Micros.toInstant(latestMicros));
  }
}
