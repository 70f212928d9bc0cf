package io.shelfcast.quality;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Reads a time as scores have it in text: ISO 8601, with {@code T} or a blank in the middle;
 * without an offset it is UTC. Blanks around it are ignored.
 */
public final class TimeText {

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT)
          // Otherwise the 31st of June would be the 30th.
          .withResolverStyle(ResolverStyle.STRICT);

  private TimeText() {}

  /**
   * The time that the text says.
   *
   * @throws java.time.format.DateTimeParseException when the text is no time
   */
  public static Instant parse(String text) {
    TemporalAccessor time = TIME.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
    return time instanceof OffsetDateTime withOffset
        ? withOffset.toInstant()
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
  }
}
