package io.shelfcast.local;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The id of a store or a product, of an option. */
final class ItemId implements ITypeConverter<Long> {
  @Override
  public Long convert(String value) {
    try {
      long id = Long.parseLong(value.strip());
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below, like a negative number.
    }
    throw new TypeConversionException(
        "'%s' is not an id: write a whole number from 0 to %d".formatted(value, Long.MAX_VALUE));
  }
}
