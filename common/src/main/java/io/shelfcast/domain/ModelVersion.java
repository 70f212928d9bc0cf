package io.shelfcast.domain;

/**
 * A registered model version.
 *
 * @param id the number that score rows carry in place of the name; also names the partition
 * @param name 1 to 64 of letters, digits, {@code .}, {@code _} and {@code -}
 * @param status what its scores are used for
 */
public record ModelVersion(short id, String name, ModelStatus status) {

  private static final int MAX_NAME_LENGTH = 64;

  public ModelVersion {
    if (id <= 0) {
      throw new IllegalArgumentException("model version id " + id + " is not positive");
    }
    if (!isValidName(name)) {
      throw new IllegalArgumentException(
          "model version '" + name + "' is not 1 to 64 of letters, digits, '.', '_' and '-'");
    }
  }

  /** Whether the text can name a model version; by hand, as it runs once a row of a CSV file. */
  public static boolean isValidName(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_NAME_LENGTH) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
