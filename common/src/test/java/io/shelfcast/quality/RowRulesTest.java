package io.shelfcast.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.shelfcast.domain.Micros;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RowRulesTest {

  private static final Instant NOW = Instant.parse("2024-06-08T06:00:00Z");
  private static final long AT = micros(NOW);
  private final RowRules rules = RowRules.asOf(NOW, Duration.ofMinutes(5));

  @Test
  void theEdgesOfWhatIsAllowedPass() {
    assertNull(rules.check(0, 0, 0.0, AT));
    assertNull(rules.check(Long.MAX_VALUE, Long.MAX_VALUE, 1.0, AT));
    assertNull(rules.check(1, 1, 0.5, micros(Instant.parse("2000-01-01T00:00:00Z"))));
    assertNull(rules.check(1, 1, 0.5, micros(NOW.plusSeconds(300))));
  }

  @Test
  void whatIsJustBeyondThemIsRejectedWithItsReason() {
    assertReason("store_id_negative", rules.check(-1, 1, 0.5, AT));
    assertReason("product_id_negative", rules.check(1, Long.MIN_VALUE, 0.5, AT));
    assertReason("score_out_of_range", rules.check(1, 1, Math.nextUp(1.0), AT));
    assertReason("score_out_of_range", rules.check(1, 1, -Double.MIN_VALUE, AT));
    assertReason("score_nan", rules.check(1, 1, Double.NaN, AT));
    assertReason("score_infinite", rules.check(1, 1, Double.POSITIVE_INFINITY, AT));
    assertReason("score_infinite", rules.check(1, 1, Double.NEGATIVE_INFINITY, AT));
    assertReason(
        "scored_at_before_2000",
        rules.check(1, 1, 0.5, micros(Instant.parse("1999-12-31T23:59:59.999999Z"))));
    assertReason("scored_at_in_future", rules.check(1, 1, 0.5, micros(NOW.plusSeconds(300)) + 1));
  }

  @Test
  void theDetailNamesTheValueAndTheLimit() {
    Rejection late = rules.check(1, 1, 0.5, micros(NOW.plusSeconds(600)));
    assertEquals(
        "scored_at 2024-06-08T06:10:00Z is after 2024-06-08T06:05:00Z, the latest that"
            + " maxFutureSkew allows",
        late.detail());
  }

  private static void assertReason(String reason, Rejection rejection) {
    assertEquals(reason, rejection.reason());
  }

  private static long micros(Instant instant) {
    return Micros.of(instant);
  }
}
