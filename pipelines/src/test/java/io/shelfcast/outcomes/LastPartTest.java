package io.shelfcast.outcomes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

class LastPartTest {

  private static final long HOUR = 3_600_000_000L;

  @Test
  void lastPartHasAQuarterOfTheOutcomesOrTheNextWholeHourAbove() {
    assertEquals(7 * HOUR, LastPart.start(hours(10, 10, 10, 10)));
    assertEquals(6 * HOUR, LastPart.start(hours(10, 10, 10, 9)));
  }

  @Test
  void oneHourHasNoLastPart() {
    assertEquals(Long.MAX_VALUE, LastPart.start(hours(10)));
    assertEquals(Long.MAX_VALUE, LastPart.start(List.of()));
  }

  private static List<KV<Long, Long>> hours(long... counts) {
    return IntStream.range(0, counts.length).mapToObj(i -> KV.of(4L + i, counts[i])).toList();
  }
}
