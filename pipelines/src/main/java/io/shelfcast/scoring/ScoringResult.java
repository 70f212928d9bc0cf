package io.shelfcast.scoring;

/**
 * A call's answer, and what it took. The counts are here because a call is made on a thread that
 * belongs to no step of a pipeline, where a counter would not be heard.
 *
 * @param modelVersion which model was asked
 * @param answer scores, or why there are none
 * @param calls the HTTP calls made, retries included; 0 when none could be made in time
 * @param breakerOpenings how many times the model version's circuit breaker has opened since a
 *     result last told: each opening is told once, by one result
 */
public record ScoringResult(
    String modelVersion, ScoringAnswer answer, int calls, int breakerOpenings) {

  /** The HTTP calls beyond the first. */
  public int retries() {
    return Math.max(0, calls - 1);
  }
}
