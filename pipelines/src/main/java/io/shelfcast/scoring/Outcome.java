package io.shelfcast.scoring;

import java.time.Duration;

/** What came of one HTTP call. */
sealed interface Outcome {

  /** That is it: asking again would bring the same. */
  record Final(ScoringAnswer answer) implements Outcome {}

  /**
   * The server does not take the token.
   *
   * @param error what it says
   */
  record Unauthorized(String error) implements Outcome {}

  /**
   * Asking again may help.
   *
   * @param error what went wrong
   * @param retryAfter how long the server wants to be left alone; zero: it does not say
   * @param sick whether it speaks against the model's health, and so for opening its breaker.
   *     Throttling (429) does not: the server is well and says how it is to be called.
   */
  record Again(String error, Duration retryAfter, boolean sick) implements Outcome {}
}
