package io.shelfcast.outcomes;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;

/**
 * What became of the rows of outcomes: each is one of these.
 *
 * @param used held against the score of its time
 * @param duplicates the same product of the same order was there already
 * @param beforeFirstScore ordered before the item's first score
 * @param withoutScore the item has no score at all
 * @param rejected could not be read
 * @param scoresRejected beside them, rows of scores that could not be used
 */
record OutcomeCounts(
    long used,
    long duplicates,
    long beforeFirstScore,
    long withoutScore,
    long rejected,
    long scoresRejected)
    implements Serializable {

  static final OutcomeCounts NONE = new OutcomeCounts(0, 0, 0, 0, 0, 0);

  static OutcomeCounts ofRejected(long rows) {
    return new OutcomeCounts(0, 0, 0, 0, rows, 0);
  }

  static OutcomeCounts ofScoresRejected(long rows) {
    return new OutcomeCounts(0, 0, 0, 0, 0, rows);
  }

  /** All rows of outcomes. */
  long read() {
    return used + duplicates + beforeFirstScore + withoutScore + rejected;
  }

  OutcomeCounts plus(OutcomeCounts other) {
    return new OutcomeCounts(
        used + other.used,
        duplicates + other.duplicates,
        beforeFirstScore + other.beforeFirstScore,
        withoutScore + other.withoutScore,
        rejected + other.rejected,
        scoresRejected + other.scoresRejected);
  }

  static OutcomeCounts sum(Iterable<OutcomeCounts> parts) {
    OutcomeCounts sum = NONE;
    for (OutcomeCounts part : parts) {
      sum = sum.plus(part);
    }
    return sum;
  }

  /** For people. */
  String inWords() {
    return String.format(
        Locale.ROOT,
        "%,d outcomes read, %,d used, %,d repeated, %,d before the first score, %,d without any, %,d"
            + " unreadable",
        read(),
        used,
        duplicates,
        beforeFirstScore,
        withoutScore,
        rejected);
  }

  /**
   * Why none is used, and what to do.
   *
   * @param models whose scores they were to be held against
   */
  String whyNone(String models) {
    if (read() == 0) {
      return "the files of --outcomes have no rows";
    }
    if (rejected == read()) {
      return "none of the %,d rows of --outcomes can be read; the log says what is wrong"
          .formatted(read());
    }
    if (beforeFirstScore == 0) {
      return "no item of the outcomes has a score of %s: %s; give files with its scores in --scores"
          .formatted(models, inWords());
    }
    return "all outcomes are from before the first score of %s: %s; give the scores of their time"
        .formatted(models, inWords());
  }

  /** As a field {@code outcomes}. */
  void writeTo(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("outcomes");
    json.writeNumberField("read", read());
    json.writeNumberField("used", used);
    json.writeNumberField("duplicates", duplicates);
    json.writeNumberField("before_first_score", beforeFirstScore);
    json.writeNumberField("without_score", withoutScore);
    json.writeNumberField("rejected", rejected);
    json.writeNumberField("scores_rejected", scoresRejected);
    json.writeEndObject();
  }
}
