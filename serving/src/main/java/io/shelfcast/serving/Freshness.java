package io.shelfcast.serving;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How old scores may be.
 *
 * @param surfaces where items are shown, all that requests may name
 * @param maxAge from which age on a refresh is asked for
 * @param maxAgeBySurface other ages for some of the surfaces
 * @param objective from which age on a served score misses what readers were promised: only counted
 */
public record Freshness(
    Set<String> surfaces,
    Duration maxAge,
    Map<String, Duration> maxAgeBySurface,
    Duration objective) {

  /** The surfaces that a marketplace has, unless it says otherwise. */
  public static final List<String> SURFACES =
      List.of("search", "browse", "product", "cart", "checkout", "home", "orders");

  public static final Duration MAX_AGE = Duration.ofMinutes(30);
  public static final Duration OBJECTIVE = Duration.ofHours(1);

  /** What applies where nothing is said. */
  public static final Freshness DEFAULT =
      new Freshness(Set.copyOf(SURFACES), MAX_AGE, Map.of(), OBJECTIVE);

  /**
   * @throws IllegalArgumentException when an age is not positive, or of a surface that there is not
   */
  public Freshness {
    surfaces = Set.copyOf(surfaces);
    maxAgeBySurface = Map.copyOf(maxAgeBySurface);
    check("--maxAge", maxAge);
    check("--freshnessObjective", objective);
    for (Map.Entry<String, Duration> age : maxAgeBySurface.entrySet()) {
      check("--maxAge", age.getValue());
      if (!surfaces.contains(age.getKey())) {
        throw new IllegalArgumentException(
            "--maxAge names the surface '%s', and --surfaces has only %s"
                .formatted(age.getKey(), String.join(", ", new TreeSet<>(surfaces))));
      }
    }
  }

  /** From which age on a score is stale where it is shown; null: it is not told where. */
  Duration maxAge(@Nullable String surface) {
    return surface == null ? maxAge : maxAgeBySurface.getOrDefault(surface, maxAge);
  }

  /** Refuses a surface that there is not: a typing error would else go by other thresholds. */
  void checkSurface(@Nullable String surface) {
    if (surface != null && !surfaces.contains(surface)) {
      throw new InvalidRequestException(
          "/surface",
          "surface '%s' is unknown; send one of %s, or none"
              .formatted(
                  surface.length() > 64 ? surface.substring(0, 64) + "…" : surface,
                  String.join(", ", new TreeSet<>(surfaces))));
    }
  }

  private static void check(String option, Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException(
          "%s is %s; write a positive duration such as PT30M".formatted(option, age));
    }
  }
}
