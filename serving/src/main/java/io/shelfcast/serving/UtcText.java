package io.shelfcast.serving;

import java.time.LocalDate;

/**
 * Times as text, as {@link java.time.Instant#toString} writes them, for the many of one answer: the
 * date is worked out once for all that are of the same day, and nothing is allocated. For one
 * thread.
 */
final class UtcText {

  /** The longest text of a year from 0 to 9999. */
  static final int MAX_CHARS = "2024-06-08T06:00:07.123456Z".length();

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int DATE_CHARS = 10;

  /** Years of four digits, as Instant writes them without a sign. */
  private static final long FIRST = LocalDate.of(0, 1, 1).toEpochDay() * MICROS_PER_DAY;

  private static final long LAST = LocalDate.of(10_000, 1, 1).toEpochDay() * MICROS_PER_DAY - 1;

  private final char[] chars = new char[MAX_CHARS];
  private long day = Long.MIN_VALUE;

  /** The characters; those up to the length that {@link #write} gave are its text. */
  char[] chars() {
    return chars;
  }

  /**
   * Writes a time; one of another millennium as the nearest of these.
   *
   * @param micros since 1970 (UTC)
   * @return the number of characters
   */
  int write(long micros) {
    long within = Math.max(FIRST, Math.min(LAST, micros));
    long its = Math.floorDiv(within, MICROS_PER_DAY);
    if (its != day) {
      LocalDate.ofEpochDay(its).toString().getChars(0, DATE_CHARS, chars, 0);
      chars[DATE_CHARS] = 'T';
      day = its;
    }
    long ofDay = within - its * MICROS_PER_DAY;
    int fraction = (int) (ofDay % 1_000_000);
    int seconds = (int) (ofDay / 1_000_000);
    digits(11, seconds / 3600, 2);
    chars[13] = ':';
    digits(14, seconds / 60 % 60, 2);
    chars[16] = ':';
    digits(17, seconds % 60, 2);
    int end = 19;
    if (fraction != 0) {
      boolean millis = fraction % 1000 == 0;
      chars[end] = '.';
      digits(end + 1, millis ? fraction / 1000 : fraction, millis ? 3 : 6);
      end += millis ? 4 : 7;
    }
    chars[end] = 'Z';
    return end + 1;
  }

  private void digits(int at, int value, int count) {
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      chars[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
