package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class SecondsTextTest {

  private final SecondsText text = new SecondsText();

  @Test
  void thereAreNoMoreDigitsThanItTakes() {
    assertEquals("0", of(0));
    assertEquals("12", of(12_000_000));
    assertEquals("12.5", of(12_500_000));
    assertEquals("0.000001", of(1));
    assertEquals("1.00002", of(1_000_020));
  }

  @Property
  void theNumberIsExact(@ForAll @LongRange(min = 0) long micros) {
    assertEquals(0, new BigDecimal(of(micros)).compareTo(BigDecimal.valueOf(micros, 6)));
  }

  private String of(long micros) {
    int end = text.write(micros);
    return new String(text.chars(), text.start(), end - text.start());
  }
}
