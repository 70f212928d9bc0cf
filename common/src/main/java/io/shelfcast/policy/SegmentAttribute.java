package io.shelfcast.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a rule can be narrowed by. Values are text, compared as it stands, upper and lower case
 * apart; an item of which a value is not known is in no segment that names the attribute.
 *
 * <p>The order is that of {@link ThresholdRule rank}: the attribute that narrows most comes first.
 */
public enum SegmentAttribute {
  /** The item's store; a whole number. */
  STORE_ID(Step.STORE),
  /** Of the store, from the table of stores. */
  CITY(Step.STORE),
  /** Of the store, from the table of stores. */
  REGION(Step.STORE),
  /** Of the store, from the table of stores. */
  RETAILER(Step.STORE),
  /** Of the product, from the table of products. */
  CATEGORY(Step.PRODUCT),
  /** Of the product, from the table of products. */
  POPULARITY_TIER(Step.PRODUCT),
  /** Where the item is shown, as the request says. */
  SURFACE(Step.REQUEST),
  /** A {@link HourBand}, by the store's time zone, from the table of stores. */
  HOUR_BAND(Step.STORE);

  /** When, in the course of a request, an attribute's value is known. */
  enum Step {
    REQUEST,
    STORE,
    PRODUCT
  }

  /** All words, for messages. */
  static final String WORDS =
      Arrays.stream(values()).map(SegmentAttribute::word).collect(Collectors.joining(", "));

  private final String word = name().toLowerCase(Locale.ROOT);
  private final Step step;

  SegmentAttribute(Step step) {
    this.step = step;
  }

  /** The word in policies and requests: the constant in lower case. */
  public String word() {
    return word;
  }

  /** The attribute of a word, as {@link #word()} gives it. */
  public static Optional<SegmentAttribute> ofWord(String word) {
    return Arrays.stream(values()).filter(attribute -> attribute.word.equals(word)).findFirst();
  }

  Step step() {
    return step;
  }

  /**
   * @throws IllegalArgumentException when no item can have the value, saying which can
   */
  void checkValue(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("%s is empty; write a value".formatted(word));
    }
    checkCharacters(word, value);
    if (this == STORE_ID && !isStoreId(value)) {
      throw new IllegalArgumentException(
          "store_id is '%s'; write a whole number from 0 on".formatted(value));
    }
    if (this == HOUR_BAND && !HourBand.isWord(value)) {
      throw new IllegalArgumentException(
          "hour_band is '%s'; write one of %s".formatted(value, HourBand.WORDS));
    }
  }

  /**
   * Refuses a text that no rule could name.
   *
   * @param what it is, for the message
   * @throws IllegalArgumentException when it has a character that JSON and YAML cannot both take as
   *     it stands
   */
  public static void checkCharacters(String what, String text) {
    if (text.codePoints().anyMatch(c -> !isText(c))) {
      throw new IllegalArgumentException(
          "%s has a character that cannot be printed; write it without".formatted(what));
    }
  }

  private static boolean isText(int character) {
    return !Character.isISOControl(character)
        && Character.getType(character) != Character.SURROGATE
        && (character & 0xFFFE) != 0xFFFE;
  }

  /** As Long.toString writes it: another way of writing it would match nothing. */
  private static boolean isStoreId(String value) {
    try {
      long id = Long.parseLong(value);
      return id >= 0 && Long.toString(id).equals(value);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
