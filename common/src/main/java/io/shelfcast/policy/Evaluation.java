package io.shelfcast.policy;

import io.shelfcast.policy.RuleIndex.Node;
import io.shelfcast.policy.SegmentAttribute.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The thresholds of one request's items. What the request says is looked at once, what a store is
 * once for each store, and what a product is once for each {@link ProductAttributes} that is
 * another object; so hand in the ones of a {@link SegmentTable}, which are one for all products
 * alike. For one thread.
 */
public final class Evaluation {

  private final Map<SegmentAttribute, String> given = new EnumMap<>(SegmentAttribute.class);
  private final Instant at;
  private final List<Node> bases;
  private final List<Node> deltas;

  /** Of a request for items of several stores, in any order. */
  private final Map<Long, Store> stores = new HashMap<>();

  private @Nullable Store last;

  Evaluation(Map<SegmentAttribute, String> given, Instant at, List<Node> bases, List<Node> deltas) {
    this.given.putAll(given);
    this.at = at;
    this.bases = narrowed(bases, Step.REQUEST, this.given::get);
    this.deltas = narrowed(deltas, Step.REQUEST, this.given::get);
  }

  /**
   * The thresholds of an item.
   *
   * @param storeId its store
   * @param store what is known of the store
   * @param product what is known of the product
   */
  public Thresholds thresholds(long storeId, StoreAttributes store, ProductAttributes product) {
    Store its = last;
    if (its == null || its.id != storeId || !its.attributes.equals(store)) {
      its = stores.get(storeId);
      if (its == null || !its.attributes.equals(store)) {
        its = new Store(storeId, store);
        stores.put(storeId, its);
      }
      last = its;
    }
    return its.thresholds(product);
  }

  @FunctionalInterface
  private interface Values {
    @Nullable String of(SegmentAttribute attribute);
  }

  /** What is left of the rules, most specific first, when the values of a step are known. */
  private static List<Node> narrowed(List<Node> nodes, Step step, Values values) {
    List<Node> left = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      Node end = follow(node, step, values);
      if (end != null) {
        left.add(end);
        if (end.change() != null) {
          // It matches whatever else is to come; what is less specific is not looked at.
          break;
        }
      }
    }
    return left;
  }

  /** Where the values of a step lead; null: no rule of the tree matches. */
  private static @Nullable Node follow(Node node, Step step, Values values) {
    Node here = node;
    while (here.attribute() != null && here.attribute().step().compareTo(step) <= 0) {
      String value = values.of(here.attribute());
      Node next = value == null ? null : here.branches().get(value);
      if (next == null) {
        return null;
      }
      here = next;
    }
    return here;
  }

  /** A store of the request. */
  private final class Store {
    private final long id;
    private final StoreAttributes attributes;
    private final List<Node> itsBases;
    private final List<Node> itsDeltas;

    /** Of all its products; null: they are not the same. */
    private final @Nullable Thresholds ofAll;

    private final IdentityHashMap<ProductAttributes, Thresholds> byProduct =
        new IdentityHashMap<>();

    Store(long id, StoreAttributes attributes) {
      this.id = id;
      this.attributes = attributes;
      this.itsBases = narrowed(bases, Step.STORE, this::value);
      this.itsDeltas = narrowed(deltas, Step.STORE, this::value);
      this.ofAll =
          isDecided(itsBases) && isDecided(itsDeltas)
              ? sum(
                  first(itsBases, ProductAttributes.UNKNOWN),
                  first(itsDeltas, ProductAttributes.UNKNOWN))
              : null;
    }

    Thresholds thresholds(ProductAttributes product) {
      if (ofAll != null) {
        return ofAll;
      }
      Thresholds known = byProduct.get(product);
      if (known == null) {
        known = sum(first(itsBases, product), first(itsDeltas, product));
        byProduct.put(product, known);
      }
      return known;
    }

    private @Nullable ThresholdChange first(List<Node> nodes, ProductAttributes product) {
      for (int i = 0; i < nodes.size(); i++) {
        Node end = follow(nodes.get(i), Step.PRODUCT, attribute -> value(attribute, product));
        if (end != null) {
          return end.change();
        }
      }
      return null;
    }

    private @Nullable String value(SegmentAttribute attribute) {
      String said = given.get(attribute);
      if (said != null) {
        return said;
      }
      return switch (attribute) {
        case STORE_ID -> Long.toString(id);
        case CITY -> attributes.city();
        case REGION -> attributes.region();
        case RETAILER -> attributes.retailer();
        case HOUR_BAND -> HourBand.at(at, attributes.zone()).word();
        case CATEGORY, POPULARITY_TIER, SURFACE -> null;
      };
    }

    private @Nullable String value(SegmentAttribute attribute, ProductAttributes product) {
      String said = given.get(attribute);
      if (said != null) {
        return said;
      }
      return attribute == SegmentAttribute.CATEGORY ? product.category() : product.popularityTier();
    }
  }

  /** Whether products make no difference any more. */
  private static boolean isDecided(List<Node> nodes) {
    return nodes.isEmpty() || nodes.get(0).change() != null;
  }

  private static Thresholds sum(@Nullable ThresholdChange base, @Nullable ThresholdChange delta) {
    Thresholds set = base instanceof Thresholds its ? its : Thresholds.DEFAULT;
    return delta instanceof ThresholdDelta its ? set.plus(its) : set;
  }
}
