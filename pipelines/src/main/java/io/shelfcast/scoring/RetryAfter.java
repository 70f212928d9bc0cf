package io.shelfcast.scoring;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** What the header {@code Retry-After} asks for, in either of its forms: seconds or a date. */
final class RetryAfter {

  private RetryAfter() {}

  /** How long to wait from now; zero when the text is neither form, or the date is past. */
  static Duration parse(String text, Instant now) {
    String value = text.strip();
    // Nine digits are 31 years: enough, and no overflow.
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
