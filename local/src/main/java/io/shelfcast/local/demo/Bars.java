package io.shelfcast.local.demo;

import java.nio.charset.Charset;
import java.util.List;

/**
 * Shares as bars, in one line of text.
 *
 * @param steps what a bar is made of, from the lowest to the highest
 */
record Bars(String steps) {

  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String ASCII = "_.:-=+*#";

  /** Of blocks where standard error can show them, otherwise of ASCII. */
  static Bars onStandardError() {
    return in(
        System.getProperty(
            "stderr.encoding",
            System.getProperty("sun.stderr.encoding", Charset.defaultCharset().name())));
  }

  static Bars in(String encoding) {
    boolean blocks =
        Charset.isSupported(encoding) && Charset.forName(encoding).newEncoder().canEncode(BLOCKS);
    return new Bars(blocks ? BLOCKS : ASCII);
  }

  /** A bar for each of the last shares, so many that they are in the width. */
  String of(List<Double> shares, int width) {
    StringBuilder line = new StringBuilder();
    for (double share : shares.subList(Math.max(0, shares.size() - width), shares.size())) {
      int step = (int) Math.floor(share * steps.length());
      line.append(steps.charAt(Math.max(0, Math.min(steps.length() - 1, step))));
    }
    return line.toString();
  }
}
