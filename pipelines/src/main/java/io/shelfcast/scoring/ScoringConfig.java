package io.shelfcast.scoring;

import io.shelfcast.store.SecretRef;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the scoring API, and how hard it may be pressed. Holds no secret, so it can travel
 * with the job.
 *
 * @param url {@code http(s)://host[:port][/prefix]}, without credentials
 * @param token where the bearer token is; null: none
 * @param maxInFlight the greatest number of calls in flight of one worker
 * @param maxCallsPerSecond the greatest number of calls a second of one worker, retries included
 * @param callTimeout how long one call may take until its answer is there, the body included
 * @param maxRetries how many times a call is tried again
 * @param maxRetryTime the time after which no try begins any more
 */
public record ScoringConfig(
    String url,
    @Nullable SecretRef token,
    int maxInFlight,
    double maxCallsPerSecond,
    Duration callTimeout,
    int maxRetries,
    Duration maxRetryTime)
    implements Serializable {

  // A call a minute is the slowest that makes sense; it keeps the interval well within a long.
  private static final double MIN_CALLS_PER_SECOND = 1.0 / 60;
  private static final double MAX_CALLS_PER_SECOND = 1_000_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  public ScoringConfig {
    url = checkedUrl(url);
    check(maxInFlight >= 1, "--maxScoringCallsInFlight", maxInFlight, "at least 1");
    // Written so that NaN is refused as well.
    check(
        maxCallsPerSecond >= MIN_CALLS_PER_SECOND && maxCallsPerSecond <= MAX_CALLS_PER_SECOND,
        "--maxScoringQps",
        maxCallsPerSecond,
        "from 1/60 to 1000000");
    check(isSpan(callTimeout), "--scoringTimeout", callTimeout, "from PT0.001S to PT24H");
    check(maxRetries >= 0, "--maxScoringRetries", maxRetries, "0 or more");
    check(isSpan(maxRetryTime), "--maxScoringRetryTime", maxRetryTime, "from PT0.001S to PT24H");
  }

  private static boolean isSpan(Duration duration) {
    return duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(LONGEST) <= 0;
  }

  private static void check(boolean good, String option, Object value, String allowed) {
    if (!good) {
      throw new IllegalArgumentException(option + " is " + value + "; it has to be " + allowed);
    }
  }

  /** The URL without slashes at its end, so that two ways to write it are one configuration. */
  private static String checkedUrl(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      // Neither the text nor the cause, which quotes it: there may be a password in it.
      throw new IllegalArgumentException(
          "--scoringUrl is no URL such as https://scoring.example.com:8080");
    }
    // A user stands before an @; without a scheme it is taken for one, so look at all of the text.
    if (text.contains("@") || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "--scoringUrl holds a user, a query or a fragment, which every log would show and the"
              + " protocol does not use: give a token by reference, as in"
              + " --scoringToken=env:SCORING_TOKEN");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "--scoringUrl is '" + text + "'; it has to be http(s)://HOST[:PORT][/PREFIX]");
    }
    return uri.toString().replaceAll("/+$", "");
  }
}
