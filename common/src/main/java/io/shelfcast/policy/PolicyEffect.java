package io.shelfcast.policy;

import io.shelfcast.domain.ModelStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy would make of the scores that there are, beside what the one in force makes of
 * them.
 *
 * <p>Segments are those that a rule of either policy names in its {@code when}, since that is how
 * whoever wrote them cuts the assortment up; every combination of attributes would be thousands of
 * lines, and the rule that comes to decide is another one before and after. A segment's items are
 * all that are in it, whichever rule sets their thresholds.
 *
 * <p>An item is decided by the clock of its store's wall too, if a rule names an hour band: then it
 * is counted in all four, with a quarter each. What a request says in place of the tables is not
 * known, but for its surface: what is told without one is of requests that say none, and of
 * surfaces that no rule names.
 *
 * @param items of model versions that are served: the live one and candidates
 * @param flips the share of these whose decision is another one, 0 to 1, on the surface on which it
 *     is largest
 * @param surface that surface; null: where a request says none
 * @param versions for each model version that has items, and for each surface that a rule names
 * @param segments for each segment of these, those first in which the most items flip
 */
public record PolicyEffect(
    long items, double flips, @Nullable String surface, List<Line> versions, List<Line> segments) {

  public PolicyEffect {
    versions = List.copyOf(versions);
    segments = List.copyOf(segments);
  }

  /**
   * Some items of a model version.
   *
   * @param segment such as {@code category dairy, hour_band evening}; empty: all of them
   * @param surface null: where a request says none
   * @param items how many
   * @param now what they are by the policy in force
   * @param after what they would be
   * @param flips the share of them whose decision is another one, 0 to 1
   */
  public record Line(
      String modelVersion,
      ModelStatus status,
      String segment,
      @Nullable String surface,
      long items,
      Shares now,
      Shares after,
      double flips) {}

  /** The share of each decision, 0 to 1 each; they add up to 1. */
  public record Shares(double inStock, double low, double out) {}
}
