package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyTokenTest {

  private static final Instant NOW = Instant.parse("2024-06-08T06:00:00Z");

  @Property
  void saysWhatItWasMadeOf(
      @ForAll short model,
      @ForAll @IntRange(min = 0) int policy,
      @ForAll @LongRange(min = 0, max = 1_717_826_400L) long second) {
    ConsistencyToken token = new ConsistencyToken(model, policy, Instant.ofEpochSecond(second));
    assertEquals(token, ConsistencyToken.parse(token.text(), NOW));
  }

  @Property
  void isNoLongerOneOfOursOnceACharacterIsChanged(
      @ForAll @IntRange(min = 0, max = 25) int place,
      @ForAll @IntRange(min = 0, max = 63) int other) {
    String text = new ConsistencyToken((short) 3, 7, NOW).text();
    char replacement =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(other);
    if (place >= text.length() || text.charAt(place) == replacement) {
      return;
    }
    String changed = text.substring(0, place) + replacement + text.substring(place + 1);
    // The last character has bits that stand for nothing.
    if (place < text.length() - 1) {
      assertThrows(
          InvalidRequestException.class, () -> ConsistencyToken.parse(changed, NOW), changed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "not a token", "AAAA", "AQADAAAABwAAAABmY_", "🥫"})
  void whatIsNotOneOfOursIsRefusedWithWhatToSendInstead(String text) {
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> ConsistencyToken.parse(text, NOW));
    assertEquals("/consistency_token", refused.pointer());
    assertTrue(refused.getMessage().contains("send one from an answer"), refused.getMessage());
  }

  @Test
  void oneFromTheFutureIsRefusedUnlessClocksMayDifferThatMuch() {
    ConsistencyToken.parse(new ConsistencyToken((short) 1, 0, NOW.plusSeconds(60)).text(), NOW);
    assertThrows(
        InvalidRequestException.class,
        () ->
            ConsistencyToken.parse(
                new ConsistencyToken((short) 1, 0, NOW.plusSeconds(3600)).text(), NOW));
  }

  @Test
  void expiresAfterItsTime() {
    ConsistencyToken token = new ConsistencyToken((short) 1, 0, NOW);
    Duration ttl = Duration.ofMinutes(30);
    assertFalse(token.isExpired(NOW.plus(ttl).minusMillis(1), ttl));
    assertTrue(token.isExpired(NOW.plus(ttl), ttl));
  }
}
