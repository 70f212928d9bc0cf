package io.shelfcast.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Names runs so that they sort by their start, read well and do not meet: 20240608T060000Z-1k9x3f.
 */
final class RunId {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private RunId() {}

  static String next(Instant now, RandomGenerator random) {
    // Six digits in base 36.
    String suffix = Integer.toString(random.nextInt(60_466_176, Integer.MAX_VALUE), 36);
    return TIME.format(now) + '-' + suffix;
  }
}
