package io.shelfcast.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Asks whoever sits at the terminal before something is done. */
@FunctionalInterface
interface Confirmation {

  /** Whether it is to be done. */
  boolean given(String question);

  /**
   * Asks, if the launcher says that standard input and error are a terminal. A script is not asked:
   * it has said what it wants.
   */
  static Confirmation onTerminal() {
    return Boolean.getBoolean("shelfcast.interactive")
        ? asking(System.in, System.err)
        : question -> true;
  }

  /** Takes y or yes for a yes; all else, and nothing, for a no. */
  static Confirmation asking(InputStream in, PrintStream out) {
    return question -> {
      out.print(question + " [y/N] ");
      out.flush();
      try {
        String answer =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        return answer != null
            && Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
