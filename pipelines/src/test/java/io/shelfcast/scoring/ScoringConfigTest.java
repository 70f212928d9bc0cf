package io.shelfcast.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.store.SecretRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringConfigTest {

  @Test
  void slashesAtTheEndOfTheUrlDoNotMatter() {
    assertEquals(
        config("https://scoring.example.com/a", 1, 1, "PT1S", 0, "PT1S"),
        config("https://scoring.example.com/a//", 1, 1, "PT1S", 0, "PT1S"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:hunter2@scoring.example.com",
        "user:hunter2@scoring.example.com",
        "https://scoring.example.com?key=hunter2",
        "https://scoring.example.com/#hunter2",
        "https://user:hunter2 @scoring.example.com"
      })
  void aUrlWithASecretInItIsRefusedAndNotRepeated(String url) {
    String message = refusal(url, 1, 1, "PT1S", 0, "PT1S");

    assertTrue(message.startsWith("--scoringUrl "), message);
    assertFalse(message.contains("hunter2"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "scoring.example.com", "ftp://scoring.example.com", "http:///v2"})
  void aUrlIsOfHttpAndHasAHost(String url) {
    assertTrue(refusal(url, 1, 1, "PT1S", 0, "PT1S").startsWith("--scoringUrl "));
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,PT1S,0,PT1S,--maxScoringCallsInFlight is 0; it has to be at least 1",
    "1,0,PT1S,0,PT1S,--maxScoringQps is 0.0; it has to be from 1/60 to 1000000",
    "1,NaN,PT1S,0,PT1S,--maxScoringQps is NaN; it has to be from 1/60 to 1000000",
    "1,Infinity,PT1S,0,PT1S,--maxScoringQps is Infinity; it has to be from 1/60 to 1000000",
    "1,1,PT0S,0,PT1S,--scoringTimeout is PT0S; it has to be from PT0.001S to PT24H",
    "1,1,PT1S,-1,PT1S,--maxScoringRetries is -1; it has to be 0 or more",
    "1,1,PT1S,0,PT-1S,--maxScoringRetryTime is PT-1S; it has to be from PT0.001S to PT24H"
  })
  void whatCannotBeIsRefusedWithTheOptionToChange(
      int inFlight, double qps, String timeout, int retries, String retryTime, String message) {
    assertEquals(
        message, refusal("http://scoring.example.com", inFlight, qps, timeout, retries, retryTime));
  }

  private static String refusal(
      String url, int inFlight, double qps, String timeout, int retries, String retryTime) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> config(url, inFlight, qps, timeout, retries, retryTime))
            .getMessage());
  }

  private static ScoringConfig config(
      String url, int inFlight, double qps, String timeout, int retries, String retryTime) {
    return new ScoringConfig(
        url,
        SecretRef.parse("env:SCORING_TOKEN"),
        inFlight,
        qps,
        Duration.parse(timeout),
        retries,
        Duration.parse(retryTime));
  }
}
