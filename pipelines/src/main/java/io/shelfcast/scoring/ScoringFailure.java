package io.shelfcast.scoring;

/**
 * Why there are no scores.
 *
 * @param reason a snake_case word, fixed: dead letters, metrics and alerts are keyed by it
 * @param detail one printable line for people
 */
public record ScoringFailure(String reason, String detail) implements ScoringAnswer {

  private static final int MAX_DETAIL = 300;

  public ScoringFailure {
    detail = OneLine.of(detail, MAX_DETAIL);
  }

  /** The API knows no such model version. */
  static ScoringFailure modelUnknown(String detail) {
    return new ScoringFailure("scoring_model_unknown", detail);
  }

  /** The API will not take this request, however often it is made. */
  static ScoringFailure refused(String detail) {
    return new ScoringFailure("scoring_refused", detail);
  }

  /** The API answered, but not with what the protocol says. */
  static ScoringFailure malformed(String detail) {
    return new ScoringFailure("scoring_answer_malformed", detail);
  }

  /** The API did not answer, or not well, as often as it was tried. */
  static ScoringFailure unavailable(String detail) {
    return new ScoringFailure("scoring_unavailable", detail);
  }
}
