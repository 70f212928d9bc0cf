package io.shelfcast.store;

import io.shelfcast.domain.ModelVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a promotion went that looked for a comparison first, in the same transaction: with the
 * version that was live until then, whatever others promote meanwhile.
 *
 * @param isDone whether the version is live
 * @param compared the version that it replaces, or would have; null: it needs no comparison, as
 *     nothing was live, or it was itself
 * @param comparison the last one with that version, if there is one on record
 */
public record Promotion(
    boolean isDone, @Nullable String compared, Optional<ModelComparison> comparison) {

  /**
   * Promotes a version.
   *
   * @param needsComparison whether not to, if no comparison with the version that is live is on
   *     record; nothing is changed then
   * @throws IllegalStateException when the version is not registered, or retired
   */
  public static Promotion of(String name, boolean needsComparison, Database database) {
    return database.inTransaction(
        connection -> {
          ModelRegistry.lock(connection);
          Optional<String> live =
              ModelRegistry.live(connection)
                  .map(ModelVersion::name)
                  .filter(other -> !other.equals(name));
          Optional<ModelComparison> comparison = Optional.empty();
          if (live.isPresent()) {
            comparison = ModelComparisons.last(connection, name, live.get());
          }
          boolean isRefused = needsComparison && live.isPresent() && comparison.isEmpty();
          if (isRefused) {
            ModelRegistry.checkPromotable(ModelRegistry.get(connection, name));
          } else {
            ModelRegistry.promote(connection, name);
          }
          return new Promotion(!isRefused, live.orElse(null), comparison);
        });
  }
}
