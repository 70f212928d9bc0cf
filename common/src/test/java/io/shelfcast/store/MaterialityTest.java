package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MaterialityTest {

  private final Materiality hundredth = new Materiality(0.01, Duration.ofHours(6));

  @Test
  void aSmallChangeIsMaterialOnceItIsThatMuchNewer() {
    long sixHours = Duration.ofHours(6).toMillis() * 1000;
    assertFalse(hundredth.isMaterial(0.5f, 0.505f, sixHours - 1));
    assertTrue(hundredth.isMaterial(0.5f, 0.505f, sixHours));
  }

  @Test
  void aLargeChangeIsMaterialEitherWayAtOnce() {
    assertTrue(hundredth.isMaterial(0.5f, 0.52f, 1));
    assertTrue(hundredth.isMaterial(0.5f, 0.48f, 1));
  }

  @Test
  void withoutALeastChangeAllIsMaterial() {
    assertTrue(Materiality.ALL.isAll());
    assertTrue(new Materiality(0, Duration.ofDays(1)).isMaterial(0.5f, 0.5f, 1));
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Materiality(-0.1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> new Materiality(Double.NaN, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new Materiality(0.1, Duration.ofSeconds(-1)));
  }
}
