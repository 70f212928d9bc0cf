package io.shelfcast.store;

import io.shelfcast.policy.ThresholdRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are to be the next policy.
 *
 * @param rules what it says
 * @param replaces the number of the policy that was in force when this was decided; if another one
 *     is meanwhile, it is not published
 * @param author who publishes it; null: it is not said
 * @param reason why; null: it is not said
 * @param rollbackTo the policy that these rules are taken from; null: they are new
 * @param flips the share of the served items whose decision it was to change, 0 to 1; null: that
 *     was not counted
 */
public record Publication(
    List<ThresholdRule> rules,
    int replaces,
    @Nullable String author,
    @Nullable String reason,
    @Nullable Integer rollbackTo,
    @Nullable Double flips) {

  public Publication {
    rules = List.copyOf(rules);
  }
}
