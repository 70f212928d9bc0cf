package io.shelfcast.scoring;

import io.shelfcast.store.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer token, looked up when used and at most once a minute: a token that was replaced is
 * found without a restart, and the secret's keeper is not asked at each call. Never printed.
 */
final class BearerToken {

  private static final Logger LOG = LoggerFactory.getLogger(BearerToken.class);

  static final Duration KEPT = Duration.ofMinutes(1);

  private final SecretRef reference;
  private final InstantSource clock;
  private @Nullable String value;
  private Instant keptUntil = Instant.MIN;

  BearerToken(SecretRef reference, InstantSource clock) {
    this.reference = reference;
    this.clock = clock;
  }

  /**
   * The token. One that was good a minute ago is used on when no new one can be had.
   *
   * @throws RuntimeException when there is none; names the reference only
   */
  synchronized String get() {
    Instant now = clock.instant();
    if (value != null && now.isBefore(keptUntil)) {
      return value;
    }
    try {
      value = checked(reference.resolve().strip());
    } catch (RuntimeException e) {
      if (value == null) {
        throw e;
      }
      LOG.warn("cannot look up {} again, using on what it was", reference, e);
    }
    keptUntil = now.plus(KEPT);
    return value;
  }

  /** Looks it up anew the next time. */
  synchronized void forget() {
    keptUntil = Instant.MIN;
  }

  /** Or else the HTTP client refuses it, with a message that has the token in it. */
  private String checked(String token) {
    if (!token.chars().allMatch(c -> c > ' ' && c <= '~') || token.isEmpty()) {
      throw new IllegalStateException(
          "the secret " + reference + " is empty or has characters that no bearer token has");
    }
    return token;
  }

  @Override
  public String toString() {
    return "BearerToken[" + reference + "]";
  }
}
