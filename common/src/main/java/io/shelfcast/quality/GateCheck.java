package io.shelfcast.quality;

import java.util.Locale;

/**
 * One thing that the quality gate looked at.
 *
 * @param name which, a snake_case word
 * @param modelVersion of which model version's rows; {@link BatchProfile#UNKNOWN} for those that do
 *     not say
 * @param passed whether it is as it should be
 * @param value the figure
 * @param limit what the figure may be at the most
 * @param detail what was found, a sentence for people
 */
public record GateCheck(
    String name, String modelVersion, boolean passed, double value, double limit, String detail) {

  /** In one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%s of %s is %.4g, %s %.4g: %s",
        name,
        modelVersion,
        value,
        passed ? "within" : "more than",
        limit,
        detail);
  }
}
