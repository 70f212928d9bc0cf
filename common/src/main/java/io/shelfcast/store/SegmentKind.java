package io.shelfcast.store;

import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.StoreAttributes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two tables of segments: its names, and how its rows are written and read.
 *
 * @param word in {@code segment_load}
 * @param table its name
 * @param id the column that is its key
 * @param columns the others
 */
record SegmentKind<T>(
    String word,
    String table,
    String id,
    List<String> columns,
    T unknown,
    ToTexts<T> toTexts,
    FromRow<T> fromRow) {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentKind.class);

  static final SegmentKind<StoreAttributes> STORES =
      new SegmentKind<>(
          "stores",
          "store_segment",
          "store_id",
          List.of("city", "region", "retailer", "time_zone"),
          StoreAttributes.UNKNOWN,
          store ->
              new @Nullable String[] {
                store.city(),
                store.region(),
                store.retailer(),
                store.zone() == null ? null : store.zone().getId()
              },
          row ->
              new StoreAttributes(row.getString(2), row.getString(3), row.getString(4), zone(row)));

  static final SegmentKind<ProductAttributes> PRODUCTS =
      new SegmentKind<>(
          "products",
          "product_segment",
          "product_id",
          List.of("category", "popularity_tier"),
          ProductAttributes.UNKNOWN,
          product -> new @Nullable String[] {product.category(), product.popularityTier()},
          row -> new ProductAttributes(row.getString(2), row.getString(3)));

  @FunctionalInterface
  interface ToTexts<T> {
    @Nullable String[] of(T attributes);
  }

  @FunctionalInterface
  interface FromRow<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** The loader takes only zones that there are; but not every JVM knows the same ones. */
  private static @Nullable ZoneId zone(ResultSet row) throws SQLException {
    String zone = row.getString(5);
    try {
      return zone == null ? null : ZoneId.of(zone);
    } catch (DateTimeException e) {
      LOG.warn("the time zone '{}' of store {} is unknown here: UTC", zone, row.getLong(1));
      return null;
    }
  }

  String list() {
    return id + ", " + String.join(", ", columns);
  }
}
