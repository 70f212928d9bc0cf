package io.shelfcast.outcomes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScoreHistoryTest {

  @Property
  void scoreInForceIsTheGreatestByTimeAndScoreOfThoseUntilThen(
      @ForAll List<@IntRange(min = 0, max = 5) Integer> times,
      @ForAll @IntRange(min = 1, max = 3) int resolution,
      @ForAll @IntRange(min = -1, max = 6) int at) {
    ScoreHistory history = new ScoreHistory(resolution);
    float expected = Float.NaN;
    int newest = -1;
    for (int i = 0; i < times.size(); i++) {
      int time = times.get(i);
      float score = i * 7 % 10 / 10f;
      history.add(time, score);
      if (Math.floorDiv(time, resolution) <= Math.floorDiv(at, resolution)
          && (time > newest || (time == newest && score > expected))) {
        newest = time;
        expected = score;
      }
    }

    assertEquals(times.isEmpty(), history.isEmpty());
    assertEquals(expected, history.inForceAt(at));
  }

  @Example
  void beforeTheFirstScoreThereIsNone() {
    ScoreHistory history = new ScoreHistory(1);
    history.add(10, 0.5f);
    assertTrue(Float.isNaN(history.inForceAt(9)));
    assertEquals(0.5f, history.inForceAt(10));
  }
}
