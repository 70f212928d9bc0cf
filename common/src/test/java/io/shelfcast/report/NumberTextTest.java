package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class NumberTextTest {

  @Test
  void aShareIsWrittenInPercentWithItsInterval() {
    assertEquals("90.1 % (89.2–91.0)", plain(NumberText.percent(0.9012, 0.8921, 0.90999, 1)));
    assertEquals("100 %", plain(NumberText.percent(1, 0)));
  }

  @Test
  void halvesAreRoundedAsTheyAreWritten() {
    // As a double 1.005 is a little less, and 0.285 % would become 0.28.
    assertEquals("1.01", NumberText.fixed(1.005, 2));
    assertEquals("0.29 %", plain(NumberText.percent(0.00285, 2)));
  }

  @Test
  void thousandsAreSetApart() {
    assertEquals("1,204,311", NumberText.count(1_204_311));
    assertEquals("1,234.50", NumberText.fixed(1234.5, 2));
  }

  @Test
  void nothingIsNeverLessThanNothing() {
    assertEquals("−0.30", NumberText.fixed(-0.3, 2));
    assertEquals("0.0", NumberText.fixed(-0.04, 1));
    assertEquals("0", NumberText.fixed(-0.0, 0));
  }

  @Test
  void everyLocaleWritesTheSame() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("1,234.5", NumberText.fixed(1234.5, 1));
      assertEquals("12.3 % (11.0–13.0)", plain(NumberText.percent(0.123, 0.11, 0.13, 1)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertEquals(
        "a share is NaN; leave out what has no finite number",
        assertThrows(IllegalArgumentException.class, () -> NumberText.percent(Double.NaN, 1))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> NumberText.fixed(Double.POSITIVE_INFINITY, 1));
    assertEquals(
        "the interval of a share starts at 0.9, above its end 0.8; hand in low, then high",
        assertThrows(IllegalArgumentException.class, () -> NumberText.percent(0.85, 0.9, 0.8, 1))
            .getMessage());
  }

  @Property
  void aCoordinateIsWithinATwentieth(@ForAll @DoubleRange(min = -1e6, max = 1e6) double place) {
    double written = Double.parseDouble(NumberText.coordinate(place));

    assertTrue(Math.abs(written - place) <= 0.0500001, () -> place + " became " + written);
  }

  static String plain(BigDecimal value, int decimals) {
    return NumberText.fixed(value, decimals).replace('−', '-');
  }

  private static String plain(String text) {
    return text.replace('\u00A0', ' ');
  }
}
