package io.shelfcast.policy;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a store; null: it is not known.
 *
 * @param city where it is
 * @param region where it is
 * @param retailer whose it is
 * @param zone by which clock it opens and closes
 */
public record StoreAttributes(
    @Nullable String city,
    @Nullable String region,
    @Nullable String retailer,
    @Nullable ZoneId zone) {

  /** Of a store of which nothing is known. */
  public static final StoreAttributes UNKNOWN = new StoreAttributes(null, null, null, null);
}
