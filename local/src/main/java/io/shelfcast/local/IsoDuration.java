package io.shelfcast.local;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Picocli's own names a Java class in its message. */
final class IsoDuration implements ITypeConverter<Duration> {

  /** A hundred years: beyond that, times are not sure to be any. */
  static final Duration LONGEST = Duration.ofDays(36_525);

  @Override
  public Duration convert(String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + value + "' is not a duration: write for example PT0.02S or P14D");
    }
  }
}
