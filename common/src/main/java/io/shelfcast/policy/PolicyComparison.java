package io.shelfcast.policy;

import io.shelfcast.domain.ModelVersion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of items to tell what two policies make of them: of which <em>kind</em>
 * their store is and of which their product. Number all stores and products first, then {@link
 * #count}. For one thread.
 */
public final class PolicyComparison {

  private static final Set<SegmentAttribute> OF_STORES =
      EnumSet.of(
          SegmentAttribute.STORE_ID,
          SegmentAttribute.CITY,
          SegmentAttribute.REGION,
          SegmentAttribute.RETAILER);

  private static final Set<SegmentAttribute> OF_PRODUCTS =
      EnumSet.of(SegmentAttribute.CATEGORY, SegmentAttribute.POPULARITY_TIER);

  /** No rule can name it. */
  private static final long OTHER_STORE = -1;

  private final CompiledPolicy now;
  private final CompiledPolicy after;
  private final List<Segment> segments;
  private final ItemKinds<Store> stores;
  private final ItemKinds<ProductAttributes> products;
  private final Set<Long> storeIds;

  /** Of stores that are not named themselves, by what is known of them. */
  private final Map<StoreAttributes, Integer> kindsOfOthers = new HashMap<>();

  /** A store as rules see it. */
  record Store(long id, StoreAttributes attributes) {
    @Nullable String value(SegmentAttribute attribute) {
      return switch (attribute) {
        case STORE_ID -> Long.toString(id);
        case CITY -> attributes.city();
        case REGION -> attributes.region();
        case RETAILER -> attributes.retailer();
        case CATEGORY, POPULARITY_TIER, SURFACE, HOUR_BAND -> null;
      };
    }
  }

  /** Compares a policy with the one that may come after it. */
  public PolicyComparison(ThresholdPolicy now, ThresholdPolicy after) {
    this.now = CompiledPolicy.of(now);
    this.after = CompiledPolicy.of(after);
    List<ThresholdRule> rules = new ArrayList<>(now.rules());
    rules.addAll(after.rules());
    this.segments = Segment.of(rules);
    this.stores =
        new ItemKinds<>(
            segments, OF_STORES, Store::value, new Store(OTHER_STORE, StoreAttributes.UNKNOWN));
    this.products =
        new ItemKinds<>(segments, OF_PRODUCTS, PolicyComparison::value, ProductAttributes.UNKNOWN);
    this.storeIds = new HashSet<>();
    stores.namedValues(SegmentAttribute.STORE_ID).forEach(id -> storeIds.add(Long.valueOf(id)));
  }

  private static @Nullable String value(ProductAttributes product, SegmentAttribute attribute) {
    return attribute == SegmentAttribute.CATEGORY ? product.category() : product.popularityTier();
  }

  /** Whether what is known of stores makes a difference, beside their ids. */
  public boolean usesStores() {
    return !(named(SegmentAttribute.CITY).isEmpty()
        && named(SegmentAttribute.REGION).isEmpty()
        && named(SegmentAttribute.RETAILER).isEmpty());
  }

  /** Whether what is known of products makes a difference. */
  public boolean usesProducts() {
    return !(named(SegmentAttribute.CATEGORY).isEmpty()
        && named(SegmentAttribute.POPULARITY_TIER).isEmpty());
  }

  /** The stores that a rule names. */
  public Set<Long> storeIds() {
    return Set.copyOf(storeIds);
  }

  /** The values of an attribute that a rule names, sorted; all others are as if not known. */
  public Set<String> named(SegmentAttribute attribute) {
    Set<String> named = new TreeSet<>();
    segments.forEach(segment -> named.addAll(segment.values(attribute)));
    return named;
  }

  /**
   * The kind of a store; 0 is that of a store that no rule names, and of which nothing is known.
   */
  public int storeKind(long storeId, StoreAttributes attributes) {
    return storeIds.contains(storeId)
        ? stores.of(new Store(storeId, attributes))
        : kindsOfOthers.computeIfAbsent(attributes, its -> stores.of(new Store(OTHER_STORE, its)));
  }

  /** The kind of a product; 0 is that of a product of which nothing is known. */
  public int productKind(ProductAttributes attributes) {
    return products.of(attributes);
  }

  /**
   * Begins to count items by what both policies make of them.
   *
   * @param versions whose items are counted
   * @throws IllegalStateException when the policies tell more kinds of items apart than is sensible
   */
  public EffectCount count(List<ModelVersion> versions) {
    return new EffectCount(now, after, segments, stores, products, versions);
  }
}
