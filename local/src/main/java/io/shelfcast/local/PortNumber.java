package io.shelfcast.local;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A port of an option; picocli's own message for a number would not say which ones there are. */
final class PortNumber implements ITypeConverter<Integer> {
  private static final int MAX = 65_535;

  @Override
  public Integer convert(String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= MAX) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number that is none of a port.
    }
    throw new TypeConversionException(
        "'%s' is not a port: write a whole number from 0 to %d".formatted(value, MAX));
  }
}
