package io.shelfcast.quality;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.ScoreBatch;
import java.time.Instant;

/** Why a row was not applied: one record for each reason, with what the reason needs to be told. */
public sealed interface Rejection {

  /** A snake_case word, fixed: dead letters, metrics and alerts are keyed by it. */
  String reason();

  /** A sentence for people: what is wrong, with the offending value. */
  String detail();

  /**
   * A row of a batch, rejected for this: with what was read of it, since its text is gone. A score
   * that was asked for becomes the request for it, so that a replay asks again.
   */
  default RejectedRow rejectedRow(ScoreBatch batch, int row) {
    boolean requested = batch.isRequested();
    return new RejectedRow(
        requested ? InputKind.REFRESH_REQUEST : InputKind.SCORE_ROW,
        batch.source(),
        batch.position(row),
        requested ? RefreshRequestText.of(batch, row) : RowPayload.of(batch, row),
        reason(),
        detail());
  }

  /** A refresh request, or the part of one that got no score, rejected for this. */
  default RejectedRow rejectedRequest(String source, long position, String payload) {
    return new RejectedRow(
        InputKind.REFRESH_REQUEST, source, position, payload, reason(), detail());
  }

  /** A column that has to have a value has none. */
  record Missing(Column column) implements Rejection {
    @Override
    public String reason() {
      return column.word() + "_missing";
    }

    @Override
    public String detail() {
      return column.word() + " has no value";
    }
  }

  /** Text where a number has to be; for an id also a number with a fraction or beyond 64 bits. */
  record NotANumber(Column column, String text) implements Rejection {
    @Override
    public String reason() {
      return column.word() + "_not_a_number";
    }

    @Override
    public String detail() {
      return column == Column.SCORE
          ? "score '%s' is not a number".formatted(shortened(text))
          : "%s '%s' is not a whole number of 64 bits".formatted(column.word(), shortened(text));
    }
  }

  /** An id below zero. */
  record Negative(Column column, long value) implements Rejection {
    @Override
    public String reason() {
      return column.word() + "_negative";
    }

    @Override
    public String detail() {
      return "%s %d is negative".formatted(column.word(), value);
    }
  }

  /** A score that is not a number by IEEE 754. */
  record ScoreIsNan() implements Rejection {
    @Override
    public String reason() {
      return "score_nan";
    }

    @Override
    public String detail() {
      return "score is NaN";
    }
  }

  /** A score without bound. */
  record ScoreIsInfinite(double score) implements Rejection {
    @Override
    public String reason() {
      return "score_infinite";
    }

    @Override
    public String detail() {
      return "score is " + score;
    }
  }

  /** A score that is no probability. */
  record ScoreOutOfRange(double score) implements Rejection {
    @Override
    public String reason() {
      return "score_out_of_range";
    }

    @Override
    public String detail() {
      return "score %s is outside [0, 1]".formatted(score);
    }
  }

  /** Text that is no time. */
  record ScoredAtUnparsable(String text) implements Rejection {
    @Override
    public String reason() {
      return "scored_at_unparsable";
    }

    @Override
    public String detail() {
      return "scored_at '%s' is not a time such as 2024-06-08T06:00:00Z".formatted(shortened(text));
    }
  }

  /** A time that no score of ours can have: a unit mistaken, most often. */
  record ScoredAtBefore2000(Instant scoredAt) implements Rejection {
    @Override
    public String reason() {
      return "scored_at_before_2000";
    }

    @Override
    public String detail() {
      return "scored_at %s is before 2000 (microseconds taken for something else?)"
          .formatted(scoredAt);
    }
  }

  /** A time to come: it would win over every score made until then, so it is kept out. */
  record ScoredAtInFuture(Instant scoredAt, Instant latest) implements Rejection {
    @Override
    public String reason() {
      return "scored_at_in_future";
    }

    @Override
    public String detail() {
      return "scored_at %s is after %s, the latest that maxFutureSkew allows"
          .formatted(scoredAt, latest);
    }
  }

  /** A name that no model version can have. */
  record ModelVersionMalformed(String name) implements Rejection {
    @Override
    public String reason() {
      return "model_version_malformed";
    }

    @Override
    public String detail() {
      return "model_version '%s' is not 1 to 64 of letters, digits, '.', '_' and '-'"
          .formatted(shortened(name));
    }
  }

  /** A model version that is not registered, where unknown ones are not welcome. */
  record ModelVersionUnknown(String name) implements Rejection {
    @Override
    public String reason() {
      return "model_version_unknown";
    }

    @Override
    public String detail() {
      return "model_version '%s' is not registered".formatted(name);
    }
  }

  /** A model version that is out of service. */
  record ModelVersionRetired(String name) implements Rejection {
    static final String REASON = "model_version_retired";

    @Override
    public String reason() {
      return REASON;
    }

    @Override
    public String detail() {
      return "model_version '%s' is retired".formatted(name);
    }
  }

  /** A line with more or fewer fields than the header, or a payload that is no object. */
  record WrongShape(String what) implements Rejection {
    @Override
    public String reason() {
      return "row_wrong_shape";
    }

    @Override
    public String detail() {
      return what;
    }
  }

  /** A refresh request that is not one JSON object with the contract's fields. */
  record RequestWrongShape(String what) implements Rejection {
    @Override
    public String reason() {
      return "request_wrong_shape";
    }

    @Override
    public String detail() {
      return shortened(what);
    }
  }

  /** A refresh request that lacks a field. */
  record RequestFieldMissing(String field) implements Rejection {
    @Override
    public String reason() {
      return field + "_missing";
    }

    @Override
    public String detail() {
      return "%s has no value".formatted(field);
    }
  }

  /** A refresh request of no products. */
  record NoProducts() implements Rejection {
    @Override
    public String reason() {
      return "product_ids_empty";
    }

    @Override
    public String detail() {
      return "product_ids is empty";
    }
  }

  /** A refresh request of more products than one may have. */
  record TooManyProducts(int most) implements Rejection {
    @Override
    public String reason() {
      return "product_ids_too_many";
    }

    @Override
    public String detail() {
      return "product_ids has more than %d, the most that maxProductsPerRequest allows"
          .formatted(most);
    }
  }

  /** Text that is no time. */
  record RequestedAtUnparsable(String text) implements Rejection {
    @Override
    public String reason() {
      return "requested_at_unparsable";
    }

    @Override
    public String detail() {
      return "requested_at '%s' is not a time such as 2024-06-08T06:00:00Z"
          .formatted(shortened(text));
    }
  }

  /** A refresh request while no model version is kept fresh. */
  record NothingToRefresh(String statuses) implements Rejection {
    @Override
    public String reason() {
      return "no_model_version";
    }

    @Override
    public String detail() {
      return "no model version is %s; register or promote one, then replay".formatted(statuses);
    }
  }

  /**
   * A score that the scoring API did not give.
   *
   * @param reason the client's word for why
   */
  record NotScored(String reason, String detail) implements Rejection {}

  /** A row that passed every rule, and that the database would not take for its value. */
  record RefusedByDatabase(String sqlState, String message) implements Rejection {
    @Override
    public String reason() {
      return "refused_by_database";
    }

    @Override
    public String detail() {
      return "SQLSTATE %s: %s".formatted(sqlState, message);
    }
  }

  /**
   * A megabyte in a field must not become a megabyte in a message, nor a NUL, which PostgreSQL does
   * not take in text, part of it; the payload has the value as it was.
   */
  private static String shortened(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 77) + "...";
  }
}
