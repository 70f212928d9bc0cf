package io.shelfcast.local;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Counts as bars of text.
 *
 * @param bar what bars are made of
 */
record Histogram(char bar) {

  private static final int WIDTH = 40;
  private static final char BLOCK = '\u2588';

  /** Of blocks where standard output can show them, otherwise of ASCII. */
  static Histogram inThisTerminal() {
    return in(
        System.getProperty(
            "stdout.encoding",
            System.getProperty("sun.stdout.encoding", Charset.defaultCharset().name())));
  }

  /** The same, where standard error can show them. */
  static Histogram onStandardError() {
    return in(
        System.getProperty(
            "stderr.encoding",
            System.getProperty("sun.stderr.encoding", Charset.defaultCharset().name())));
  }

  static Histogram in(String encoding) {
    boolean blocks =
        Charset.isSupported(encoding) && Charset.forName(encoding).newEncoder().canEncode(BLOCK);
    return new Histogram(blocks ? BLOCK : '#');
  }

  /** How many scores there are in each of some equal parts of 0 to 1. */
  List<String> lines(List<Long> counts) {
    return lines(
        IntStream.range(0, counts.size())
            .mapToObj(i -> String.format(Locale.ROOT, "%.2f", (double) i / counts.size()))
            .toList(),
        counts);
  }

  /**
   * A line for each count, which has a bar if it is not 0.
   *
   * @param labels what each is of, all of the same length
   */
  List<String> lines(List<String> labels, List<Long> counts) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      long count = counts.get(i);
      int length = count == 0 ? 0 : (int) Math.max(1, Math.round((double) WIDTH * count / most));
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%s %,14d %5.1f %% %s",
                  labels.get(i),
                  count,
                  all == 0 ? 0 : 100.0 * count / all,
                  String.valueOf(bar).repeat(length))
              .stripTrailing());
    }
    return lines;
  }
}
