package io.shelfcast.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.policy.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparedItemsTest {

  private final ComparedItems items = new ComparedItems();

  @Test
  void itemsAreCountedByBothDecisions() {
    items.add(Decision.IN_STOCK, 0.9f, Decision.IN_STOCK, 0.8f);
    items.add(Decision.LOW, 0.5f, Decision.LOW, 0.5f);
    items.add(Decision.OUT, 0.1f, Decision.OUT, 0.1f);
    items.add(Decision.IN_STOCK, 0.9f, Decision.LOW, 0.5f);
    items.add(Decision.IN_STOCK, 0.9f, Decision.OUT, 0.1f);
    items.add(Decision.LOW, 0.5f, Decision.OUT, 0.1f);
    items.add(Decision.OUT, 0.1f, Decision.LOW, 0.5f);
    items.addMissing(Decision.UNKNOWN, Decision.OUT);
    items.addMissing(Decision.LOW, Decision.UNKNOWN);
    items.addMissing(Decision.IN_STOCK, Decision.UNKNOWN);
    items.addMissing(Decision.UNKNOWN, Decision.UNKNOWN);

    assertEquals(11, items.items());
    assertEquals(7, items.scored());
    assertEquals(3, items.agreeing());
    assertEquals(3 / 7.0, items.agreementRate());
    assertEquals(2, items.shownToHidden());
    assertEquals(1, items.hiddenToShown());
    assertEquals(1, items.missingOfLive());
    assertEquals(2, items.missingOfCandidate());
    assertEquals(1, items.count(Decision.IN_STOCK, Decision.LOW));
    assertEquals(0, items.count(Decision.LOW, Decision.IN_STOCK));
  }

  @Test
  void withoutAScoreOnBothSidesNobodyAgrees() {
    items.addMissing(Decision.UNKNOWN, Decision.UNKNOWN);
    assertTrue(Double.isNaN(items.agreementRate()));
  }

  @Test
  void aDifferenceIsToldAsTheNearestMultipleOfABin() {
    for (int bin = 0; bin < ComparedItems.BINS; bin++) {
      ComparedItems one = new ComparedItems();
      double middle = ComparedItems.middle(bin);
      float live = middle < 0 ? 1 : 0;
      one.add(Decision.LOW, live, Decision.LOW, (float) (live + middle));
      one.add(
          Decision.LOW, live, Decision.LOW, (float) (live + middle - Math.signum(middle) * 0.024));
      assertEquals(2L, one.differences().get(bin), "around " + middle);
    }
  }

  @Test
  void countsAddUpAndComeBackFromTheirNumbers() {
    items.add(Decision.IN_STOCK, 0.9f, Decision.OUT, 0.1f);
    items.addMissing(Decision.UNKNOWN, Decision.OUT);
    ComparedItems twice = ComparedItems.of(items.decisions(), items.differences());
    twice.add(items);
    assertEquals(4, twice.items());
    assertEquals(2, twice.shownToHidden());
    assertEquals(2L, twice.differences().get(4));
    assertThrows(
        IllegalArgumentException.class, () -> ComparedItems.of(List.of(1L), items.differences()));
  }
}
