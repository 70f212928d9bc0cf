package io.shelfcast.quality;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row whose values are text, as CSV files and dead letters have them, and checks it against
 * the rules. Holds the values of the row read last, so that a file of millions of rows makes no
 * object for each; not for several threads.
 *
 * <p>Blanks around a value are ignored; an empty value is a missing one. A time is ISO 8601, with
 * {@code T} or a blank in the middle; without an offset it is UTC; what it has beyond microseconds
 * is cut off.
 */
public final class ScoreText {

  private final RowRules rules;
  private final @Nullable String defaultModelVersion;

  private long storeId;
  private long productId;
  private String modelVersion = "";
  private double score;
  private long scoredAtMicros;

  // Rows come in runs of equal times and names; parsing a time costs more than the rest of the row.
  private String lastTimeText = "";
  private long lastTimeMicros;
  private String lastValidName = "";

  /**
   * @param rules what the numbers have to keep to
   * @param defaultModelVersion the model version of rows that name none; null: they are rejected
   */
  public ScoreText(RowRules rules, @Nullable String defaultModelVersion) {
    this.rules = rules;
    this.defaultModelVersion = defaultModelVersion;
  }

  /** Takes in a row; null when it is good, otherwise the first thing that is wrong with it. */
  public @Nullable Rejection read(
      @Nullable String storeText,
      @Nullable String productText,
      @Nullable String modelVersionText,
      @Nullable String scoreText,
      @Nullable String scoredAtText) {
    Rejection wrong = readStoreId(storeText);
    if (wrong == null) {
      wrong = readProductId(productText);
    }
    if (wrong == null) {
      wrong = readModelVersion(modelVersionText);
    }
    if (wrong == null) {
      wrong = readScore(scoreText);
    }
    if (wrong == null) {
      wrong = readScoredAt(scoredAtText);
    }
    return wrong != null ? wrong : rules.check(storeId, productId, score, scoredAtMicros);
  }

  /** Gives the row read last, a good one, to a batch. */
  public void acceptInto(BatchAssembler rows, long position) {
    rows.accept(position, modelVersion, storeId, productId, score, scoredAtMicros);
  }

  public long storeId() {
    return storeId;
  }

  public long productId() {
    return productId;
  }

  public String modelVersion() {
    return modelVersion;
  }

  public double score() {
    return score;
  }

  public long scoredAtMicros() {
    return scoredAtMicros;
  }

  private @Nullable Rejection readStoreId(@Nullable String text) {
    try {
      storeId = parseId(text);
      return null;
    } catch (NumberFormatException e) {
      return missingOrNotANumber(Column.STORE_ID, text);
    }
  }

  private @Nullable Rejection readProductId(@Nullable String text) {
    try {
      productId = parseId(text);
      return null;
    } catch (NumberFormatException e) {
      return missingOrNotANumber(Column.PRODUCT_ID, text);
    }
  }

  private static long parseId(@Nullable String text) {
    return Long.parseLong(text == null ? "" : text.strip());
  }

  private static Rejection missingOrNotANumber(Column column, @Nullable String text) {
    return text == null || text.isBlank()
        ? new Rejection.Missing(column)
        : new Rejection.NotANumber(column, text);
  }

  private @Nullable Rejection readModelVersion(@Nullable String text) {
    String name = text == null || text.isBlank() ? defaultModelVersion : text.strip();
    if (name == null) {
      return new Rejection.Missing(Column.MODEL_VERSION);
    }
    if (!name.equals(lastValidName)) {
      if (!ModelVersion.isValidName(name)) {
        return new Rejection.ModelVersionMalformed(name);
      }
      lastValidName = name;
    }
    modelVersion = lastValidName;
    return null;
  }

  private @Nullable Rejection readScore(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new Rejection.Missing(Column.SCORE);
    }
    String number = text.strip();
    if (number.equalsIgnoreCase("nan")) {
      return new Rejection.ScoreIsNan();
    }
    if (isInfinity(number)) {
      return new Rejection.ScoreIsInfinite(
          number.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (!isDecimal(number)) {
      return new Rejection.NotANumber(Column.SCORE, text);
    }
    try {
      score = Double.parseDouble(number);
      return null;
    } catch (NumberFormatException e) {
      return new Rejection.NotANumber(Column.SCORE, text);
    }
  }

  private static boolean isInfinity(String text) {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return unsigned.equalsIgnoreCase("infinity") || unsigned.equalsIgnoreCase("inf");
  }

  /** Keeps out what Java takes for a number and nobody else does: 1f, 0x1p3, 1d. */
  private static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return true;
  }

  private @Nullable Rejection readScoredAt(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new Rejection.Missing(Column.SCORED_AT);
    }
    if (text.equals(lastTimeText)) {
      scoredAtMicros = lastTimeMicros;
      return null;
    }
    try {
      scoredAtMicros = Micros.of(TimeText.parse(text));
    } catch (DateTimeParseException e) {
      return new Rejection.ScoredAtUnparsable(text);
    }
    lastTimeText = text;
    lastTimeMicros = scoredAtMicros;
    return null;
  }
}
