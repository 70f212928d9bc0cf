package io.shelfcast.serving;

/**
 * Lengths of time as decimal numbers of seconds, for the many of one answer: exact, with no more
 * digits than it takes, and nothing is allocated. For one thread.
 */
final class SecondsText {

  private static final int MAX_CHARS = "9223372036854.775807".length();
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int FRACTION_CHARS = 6;

  private final char[] chars = new char[MAX_CHARS];
  private int start;

  /**
   * The characters; those from {@link #start} until the end that {@link #write} gave are its text.
   */
  char[] chars() {
    return chars;
  }

  /**
   * Writes a length.
   *
   * @param micros not negative
   * @return where its text ends; it begins at {@link #start}
   */
  int write(long micros) {
    long seconds = micros / MICROS_PER_SECOND;
    int fraction = (int) (micros % MICROS_PER_SECOND);
    int point = MAX_CHARS - FRACTION_CHARS - 1;
    int end = point;
    if (fraction != 0) {
      chars[point] = '.';
      end = MAX_CHARS;
      for (int i = MAX_CHARS - 1; i > point; i--) {
        int digit = fraction % 10;
        fraction /= 10;
        chars[i] = (char) ('0' + digit);
        if (digit == 0 && end == i + 1) {
          end = i;
        }
      }
    }
    start = point;
    do {
      chars[--start] = (char) ('0' + seconds % 10);
      seconds /= 10;
    } while (seconds != 0);
    return end;
  }

  /** Where the text that was written last begins. */
  int start() {
    return start;
  }
}
