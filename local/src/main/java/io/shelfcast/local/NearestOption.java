package io.shelfcast.local;

import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The option that somebody meant who wrote another: the one with the fewest letters to change. The
 * parser's own guess goes by the letters in common, of which long names have the most.
 */
final class NearestOption {

  private NearestOption() {}

  /** Nothing if what was written is no option, or more than half of it is different. */
  static Optional<String> of(String written, CommandSpec command) {
    String name = written.replaceFirst("=.*", "");
    if (!name.startsWith("--")) {
      return Optional.empty();
    }
    return command.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::longestName)
        .min(Comparator.comparingInt(option -> changes(name, option)))
        .filter(option -> changes(name, option) <= name.length() / 2);
  }

  /**
   * Letters to put in, take out or change; Levenshtein's distance, a row of its table at a time.
   */
  private static int changes(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
