package io.shelfcast.fullsync;

import io.shelfcast.domain.Micros;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowPayload;
import io.shelfcast.quality.RowRules;
import io.shelfcast.quality.ScoreText;
import io.shelfcast.snowflake.UnloadedRow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the text of unloaded rows; not for several threads. */
final class UnloadedRowText {

  private final @Nullable String defaultModelVersion;
  private final boolean timesAreMicros;
  private final ScoreText text;

  // Rows come in runs of equal times.
  private String lastMicros = "";
  private String lastTime = "";

  UnloadedRowText(RowRules rules, @Nullable String defaultModelVersion, boolean timesAreMicros) {
    this.defaultModelVersion = defaultModelVersion;
    this.timesAreMicros = timesAreMicros;
    this.text = new ScoreText(rules, defaultModelVersion);
  }

  /** Gives a row on, or rejects it; how much text it is. */
  int read(UnloadedRow row, BatchAssembler rows) {
    @Nullable String scoredAt = time(row.scoredAt());
    Rejection wrong =
        text.read(row.storeId(), row.productId(), row.modelVersion(), row.score(), scoredAt);
    if (wrong == null) {
      text.acceptInto(rows, BatchAssembler.NO_POSITION);
    } else {
      rows.reject(BatchAssembler.NO_POSITION, payload(row, scoredAt), wrong);
    }
    return length(row.storeId())
        + length(row.productId())
        + length(row.modelVersion())
        + length(row.score())
        + length(row.scoredAt());
  }

  /** As dead letters have it, and their replay reads it. */
  private @Nullable String time(@Nullable String value) {
    if (!timesAreMicros || value == null) {
      return value;
    }
    if (!value.equals(lastMicros)) {
      try {
        lastTime = Micros.toInstant(Long.parseLong(value)).toString();
      } catch (NumberFormatException e) {
        // Beyond what microseconds in 64 bits can be; its text tells so.
        return value;
      }
      lastMicros = value;
    }
    return lastTime;
  }

  private String payload(UnloadedRow row, @Nullable String scoredAt) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    values.put(Column.STORE_ID.word(), row.storeId());
    values.put(Column.PRODUCT_ID.word(), row.productId());
    values.put(
        Column.MODEL_VERSION.word(),
        row.modelVersion() == null ? defaultModelVersion : row.modelVersion());
    values.put(Column.SCORE.word(), row.score());
    values.put(Column.SCORED_AT.word(), scoredAt);
    return RowPayload.of(values);
  }

  private static int length(@Nullable String value) {
    // With the comma, or the line's end.
    return value == null ? 1 : value.length() + 1;
  }
}
