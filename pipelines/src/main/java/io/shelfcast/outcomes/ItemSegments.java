package io.shelfcast.outcomes;

import io.shelfcast.domain.Micros;
import io.shelfcast.policy.HourBand;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.tuning.Segment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The segment of an item at a time, by what the serving database knows of stores and products. Both
 * tables are read once a worker and run, and shared by its threads: some 20 to 40 bytes for each
 * product.
 */
final class ItemSegments implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Object LOAD = new Object();
  private static volatile @Nullable Tables loaded;

  private final DatabaseConfig database;
  private final List<SegmentAttribute> attributes;
  private final UUID run = UUID.randomUUID();

  private record Tables(
      UUID run, SegmentTable<StoreAttributes> stores, SegmentTable<ProductAttributes> products) {}

  ItemSegments(DatabaseConfig database, List<SegmentAttribute> attributes) {
    this.database = database;
    this.attributes = List.copyOf(attributes);
  }

  /** As many values as are known before the first that is not. */
  Segment of(long storeId, long productId, long micros) {
    if (attributes.isEmpty()) {
      return Segment.ALL;
    }
    Tables tables = tables();
    StoreAttributes store = tables.stores().get(storeId);
    ProductAttributes product = tables.products().get(productId);
    List<String> values = new ArrayList<>(attributes.size());
    for (SegmentAttribute attribute : attributes) {
      String value = value(attribute, storeId, store, product, micros);
      if (value == null) {
        break;
      }
      values.add(value);
    }
    return new Segment(values);
  }

  private static @Nullable String value(
      SegmentAttribute attribute,
      long storeId,
      StoreAttributes store,
      ProductAttributes product,
      long micros) {
    return switch (attribute) {
      case STORE_ID -> Long.toString(storeId);
      case CITY -> store.city();
      case REGION -> store.region();
      case RETAILER -> store.retailer();
      case CATEGORY -> product.category();
      case POPULARITY_TIER -> product.popularityTier();
      case HOUR_BAND -> HourBand.at(Micros.toInstant(micros), store.zone()).word();
      case SURFACE -> null;
    };
  }

  private Tables tables() {
    Tables known = loaded;
    if (known == null || !known.run().equals(run)) {
      synchronized (LOAD) {
        known = loaded;
        if (known == null || !known.run().equals(run)) {
          SegmentStore segments = new SegmentStore(Database.shared(database));
          known = new Tables(run, segments.stores().table(), segments.products().table());
          loaded = known;
        }
      }
    }
    return known;
  }
}
