package io.shelfcast.outcomes;

import io.shelfcast.policy.SegmentAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code --by}. */
final class SegmentNames {

  private SegmentNames() {}

  /**
   * The attributes that are named, as options write them ({@code hourBand}) or as policies do
   * ({@code hour_band}).
   *
   * @throws IllegalArgumentException saying what to write instead
   */
  static List<SegmentAttribute> parse(@Nullable List<String> by) {
    List<SegmentAttribute> attributes = new ArrayList<>();
    for (String name : by == null ? List.<String>of() : by) {
      String word = name.strip().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      SegmentAttribute attribute =
          SegmentAttribute.ofWord(word)
              .filter(known -> known != SegmentAttribute.SURFACE)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--by has '%s'; write any of %s%s"
                              .formatted(
                                  name,
                                  names(),
                                  word.equals(SegmentAttribute.SURFACE.word())
                                      ? ": outcomes do not say where an item was shown"
                                      : "")));
      if (attributes.contains(attribute)) {
        throw new IllegalArgumentException("--by has %s twice".formatted(name));
      }
      attributes.add(attribute);
    }
    return attributes;
  }

  /** A line on why there is no segment with enough outcomes; empty, when none was asked for. */
  static String whyNone(List<SegmentAttribute> attributes, long minEvidence) {
    if (attributes.isEmpty()) {
      return "";
    }
    boolean isLoaded =
        attributes.stream()
            .anyMatch(
                attribute ->
                    attribute != SegmentAttribute.STORE_ID
                        && attribute != SegmentAttribute.HOUR_BAND);
    return "no segment has %d outcomes%s\n"
        .formatted(
            minEvidence,
            isLoaded
                ? ": nothing may be known of the stores or products, which ./shelfcast segments load"
                    + " loads"
                : "");
  }

  private static String names() {
    return Arrays.stream(SegmentAttribute.values())
        .filter(attribute -> attribute != SegmentAttribute.SURFACE)
        .map(SegmentNames::camelCase)
        .collect(Collectors.joining(", "));
  }

  private static String camelCase(SegmentAttribute attribute) {
    StringBuilder name = new StringBuilder();
    for (String part : attribute.word().split("_", -1)) {
      name.append(name.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT))
          .append(name.isEmpty() || name.length() == part.length() ? "" : part.substring(1));
    }
    return name.toString();
  }
}
