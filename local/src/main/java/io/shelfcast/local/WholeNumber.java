package io.shelfcast.local;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Picocli's own says 'int'. */
final class WholeNumber implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'" + value + "' is not a whole number: write for example 8");
    }
  }
}
