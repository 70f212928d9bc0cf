package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunIdTest {

  @Test
  void runIdsSortByTimeAndDiffer() {
    Random random = new Random(1);
    String first = RunId.next(Instant.parse("2024-06-08T06:00:00Z"), random);
    assertTrue(first.matches("20240608T060000Z-[0-9a-z]{6}"), first);
    assertNotEquals(first, RunId.next(Instant.parse("2024-06-08T06:00:00Z"), random));
  }
}
