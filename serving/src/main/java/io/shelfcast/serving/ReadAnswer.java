package io.shelfcast.serving;

import io.shelfcast.policy.Decision;
import io.shelfcast.store.FoundScores;

/**
 * The answer to a {@link ReadRequest}: of all its items, in the order asked, by one model version
 * and one policy, from one state of the database. Immutable.
 */
public final class ReadAnswer {

  private final ReadRequest request;
  private final FoundScores found;
  private final Decision[] decisions;
  private final String modelVersion;
  private final int policyVersion;
  private final String consistencyToken;
  private final long nowMicros;
  private final long staleBeforeMicros;

  /**
   * An answer.
   *
   * @param decisions one for each item; not written to any more
   * @param nowMicros the time of the answer, which ages are told of
   * @param staleBeforeMicros a score made before this time is stale
   */
  ReadAnswer(
      ReadRequest request,
      FoundScores found,
      Decision[] decisions,
      String modelVersion,
      int policyVersion,
      String consistencyToken,
      long nowMicros,
      long staleBeforeMicros) {
    this.request = request;
    this.found = found;
    this.decisions = decisions;
    this.modelVersion = modelVersion;
    this.policyVersion = policyVersion;
    this.consistencyToken = consistencyToken;
    this.nowMicros = nowMicros;
    this.staleBeforeMicros = staleBeforeMicros;
  }

  /** Whose scores these are. */
  public String modelVersion() {
    return modelVersion;
  }

  /** Which thresholds made the decisions; 0: none were published, the built-in ones did. */
  public int policyVersion() {
    return policyVersion;
  }

  /** To be sent with the user's next request, so that the same model version and policy answer. */
  public String consistencyToken() {
    return consistencyToken;
  }

  /** The number of items. */
  public int size() {
    return decisions.length;
  }

  public long storeId(int item) {
    return request.storeId(item);
  }

  public long productId(int item) {
    return request.productId(item);
  }

  /** Whether the model has a score of the item; if not, its decision is {@code UNKNOWN}. */
  public boolean hasScore(int item) {
    return found.isFound(item);
  }

  /** Probability that the item is in stock; only where it {@link #hasScore}. */
  public float score(int item) {
    return found.score(item);
  }

  /** When the score was made, in microseconds since 1970 (UTC); only where it has one. */
  public long scoredAtMicros(int item) {
    return found.scoredAtMicros(item);
  }

  /** Seconds since the score was made, never negative; only where the item {@link #hasScore}. */
  public double ageSeconds(int item) {
    return ageMicros(item) / 1e6;
  }

  long ageMicros(int item) {
    return Math.max(0, nowMicros - found.scoredAtMicros(item));
  }

  /** Whether the score is older than it may be where it is shown, or missing. */
  public boolean isStale(int item) {
    return found.scoredAtMicros(item) < staleBeforeMicros;
  }

  public Decision decision(int item) {
    return decisions[item];
  }
}
