package io.shelfcast.policy;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a product; null: it is not known.
 *
 * @param category what kind of product it is
 * @param popularityTier how much it is asked for
 */
public record ProductAttributes(@Nullable String category, @Nullable String popularityTier) {

  /** Of a product of which nothing is known. */
  public static final ProductAttributes UNKNOWN = new ProductAttributes(null, null);
}
