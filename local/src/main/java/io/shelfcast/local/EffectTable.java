package io.shelfcast.local;

import io.shelfcast.policy.PolicyEffect;
import io.shelfcast.policy.PolicyEffect.Line;
import io.shelfcast.policy.PolicyEffect.Shares;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a policy would change, for people. */
final class EffectTable {

  /** A screen of them. */
  private static final int SEGMENTS = 20;

  /** What is left of a line of 120 beside the numbers. */
  private static final int MAX_TITLE = 44;

  private final PrintWriter out;

  EffectTable(PrintWriter out) {
    this.out = out;
  }

  void print(PolicyEffect effect) {
    List<Line> told =
        effect.segments().stream().filter(line -> line.flips() > 0).limit(SEGMENTS).toList();
    List<Line> all = new ArrayList<>(effect.versions());
    all.addAll(told);
    int width =
        all.stream().mapToInt(line -> Math.min(MAX_TITLE, title(line).length())).max().orElse(0);
    out.printf(
        "%s  %13s  %16s  %16s  %16s  %7s%n",
        " ".repeat(width), "items", "in stock %", "low %", "out %", "flips %");
    effect.versions().forEach(line -> print(line, width));
    if (!told.isEmpty()) {
      out.println("segments, those first in which the most items flip:");
      told.forEach(line -> print(line, width));
    }
    int more = effect.segments().size() - told.size();
    if (more > 0) {
      long unchanged = effect.segments().stream().filter(line -> line.flips() == 0).count();
      out.printf("and %,d more segments, of which %,d stay as they are%n", more, unchanged);
    }
    out.printf(
        Locale.ROOT,
        "%s of the %,d items of served model versions would be decided otherwise%s%n",
        percent(effect.flips()),
        effect.items(),
        effect.surface() == null ? "" : ", where it is most, on surface " + effect.surface());
    out.flush();
  }

  private void print(Line line, int width) {
    String title = title(line);
    out.printf(
        Locale.ROOT,
        "%-" + width + "s  %,13d  %s  %s  %s  %7s%n",
        title.length() <= width ? title : title.substring(0, width - 3) + "...",
        line.items(),
        change(line, Share.IN_STOCK),
        change(line, Share.LOW),
        change(line, Share.OUT),
        hundredths(line.flips()));
  }

  private enum Share {
    IN_STOCK,
    LOW,
    OUT;

    double of(Shares shares) {
      return switch (this) {
        case IN_STOCK -> shares.inStock();
        case LOW -> shares.low();
        case OUT -> shares.out();
      };
    }
  }

  private static String change(Line line, Share share) {
    return "%6s -> %6s"
        .formatted(hundredths(share.of(line.now())), hundredths(share.of(line.after())));
  }

  private static String title(Line line) {
    String version =
        line.surface() == null
            ? line.modelVersion()
            : line.modelVersion() + " on " + line.surface();
    return line.segment().isEmpty()
        ? "%s (%s)".formatted(version, line.status().word())
        : version + ": " + line.segment();
  }

  static String percent(double share) {
    return hundredths(share) + " %";
  }

  /** So that what is not nothing does not look like it. */
  private static String hundredths(double share) {
    return share > 0 && share < 0.00005 ? "<0.01" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}
