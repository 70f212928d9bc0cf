package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.domain.Micros;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTextTest {

  private final UtcText text = new UtcText();

  @Property
  void writesWhatInstantWrites(
      @ForAll @LongRange(min = -62_167_219_200_000_000L, max = 253_402_300_799_999_999L)
          long micros) {
    assertEquals(Micros.toInstant(micros).toString(), write(micros));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        -1,
        1_717_826_400_000_000L,
        1_717_826_407_123_000L,
        1_717_826_407_000_001L,
        1_717_891_199_999_999L,
        1_717_891_200_000_000L
      })
  void writesFullSecondsMillisecondsAndDaysAsInstantDoes(long micros) {
    assertEquals(Micros.toInstant(micros).toString(), write(micros));
  }

  private String write(long micros) {
    return new String(text.chars(), 0, text.write(micros));
  }
}
