package io.shelfcast.policy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A quarter of the day, by the clock on the store's wall. */
public enum HourBand {
  /** 00:00 up to 06:00. */
  NIGHT,
  /** 06:00 up to 12:00. */
  MORNING,
  /** 12:00 up to 18:00. */
  AFTERNOON,
  /** 18:00 up to 24:00. */
  EVENING;

  private static final int SECONDS = 6 * 60 * 60;
  private static final int SECONDS_OF_DAY = 24 * 60 * 60;

  /** The words, for messages. */
  static final String WORDS = "night, morning, afternoon, evening";

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The word in policies and requests: the constant in lower case. */
  public String word() {
    return word;
  }

  /**
   * The band of a moment.
   *
   * @param zone the store's time zone; null, where it is not known: UTC
   */
  public static HourBand at(Instant moment, @Nullable ZoneId zone) {
    ZoneOffset offset = zone == null ? ZoneOffset.UTC : zone.getRules().getOffset(moment);
    long local = moment.getEpochSecond() + offset.getTotalSeconds();
    return values()[(int) (Math.floorMod(local, (long) SECONDS_OF_DAY) / SECONDS)];
  }

  static boolean isWord(String word) {
    for (HourBand band : values()) {
      if (band.word.equals(word)) {
        return true;
      }
    }
    return false;
  }
}
