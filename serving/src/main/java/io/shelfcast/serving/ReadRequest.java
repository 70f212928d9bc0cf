package io.shelfcast.serving;

import io.shelfcast.store.FoundScores;
import io.shelfcast.store.ScoreReads;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked: up to {@value #MAX_ITEMS} items, for whom, and where they are shown. Immutable,
 * and as it should be: {@link Builder#build} has checked it.
 */
public final class ReadRequest {

  /** The greatest number of items of one request. */
  public static final int MAX_ITEMS = 1_000;

  static final int MAX_USER_ID_CHARS = 256;
  static final int MAX_ATTRIBUTES = 32;
  static final int MAX_ATTRIBUTE_CHARS = 256;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.-]{0,63}");

  private final long[] storeIds;
  private final long[] productIds;
  private final boolean isOfOneStore;
  private final @Nullable String userId;
  private final @Nullable String surface;
  private final Map<String, String> attributes;
  private final @Nullable String consistencyToken;

  private ReadRequest(Builder from, long[] storeIds, long[] productIds) {
    this.storeIds = storeIds;
    this.productIds = productIds;
    this.isOfOneStore = storeIds.length == 1;
    this.userId = from.userId;
    this.surface = from.surface;
    this.attributes = Map.copyOf(from.attributes);
    this.consistencyToken = from.consistencyToken;
  }

  /** A request of products of one store. */
  public static Builder ofStore(long storeId, long... productIds) {
    Builder builder = new Builder();
    builder.storeId(storeId);
    for (long productId : productIds) {
      builder.addProduct(productId);
    }
    return builder;
  }

  /** A request of items of any stores, to be added. */
  public static Builder ofItems() {
    return new Builder();
  }

  /** The number of items asked for. */
  public int size() {
    return productIds.length;
  }

  /** The store of an item. */
  public long storeId(int item) {
    return isOfOneStore ? storeIds[0] : storeIds[item];
  }

  /** The product of an item. */
  public long productId(int item) {
    return productIds[item];
  }

  boolean isOfOneStore() {
    return isOfOneStore;
  }

  /** Not to be written to: that of each item, or of all of them. */
  long[] storeIds() {
    return storeIds;
  }

  /** Not to be written to. */
  long[] productIds() {
    return productIds;
  }

  /** The scores that a model version has of its items. */
  FoundScores find(ScoreReads scores, short modelVersionId) {
    return isOfOneStore
        ? scores.ofStore(modelVersionId, storeIds[0], productIds)
        : scores.ofItems(modelVersionId, storeIds, productIds);
  }

  @Nullable String userId() {
    return userId;
  }

  @Nullable String surface() {
    return surface;
  }

  Map<String, String> attributes() {
    return attributes;
  }

  @Nullable String consistencyToken() {
    return consistencyToken;
  }

  /** Takes a request's fields as they come, in any order. Not for several threads. */
  public static final class Builder {
    private static final int NONE = -1;

    private long storeId = NONE;
    private long[] products = new long[64];
    private int productCount = NONE;
    private long[] itemStores = new long[0];
    private long[] itemProducts = new long[0];
    private int itemCount = NONE;
    private @Nullable String userId;
    private @Nullable String surface;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private @Nullable String consistencyToken;

    private Builder() {}

    /** The store that the products are in. */
    public Builder storeId(long id) {
      storeId = checkId("/store_id", "store_id", id);
      return this;
    }

    /** That there are products, if none of them is added. */
    Builder products() {
      productCount = Math.max(0, productCount);
      return this;
    }

    /** One more product of the store. */
    public Builder addProduct(long id) {
      products();
      if (productCount == MAX_ITEMS) {
        throw tooMany("/product_ids");
      }
      if (id < 0) {
        checkId("/product_ids/" + productCount, "a product id", id);
      }
      if (productCount == products.length) {
        products = Arrays.copyOf(products, Math.min(MAX_ITEMS, 4 * products.length));
      }
      products[productCount++] = id;
      return this;
    }

    /** That there are items, if none of them is added. */
    Builder items() {
      itemCount = Math.max(0, itemCount);
      return this;
    }

    /** One more item. */
    public Builder addItem(long ofStore, long product) {
      items();
      if (itemCount == MAX_ITEMS) {
        throw tooMany("/items");
      }
      if (ofStore < 0 || product < 0) {
        checkId("/items/" + itemCount + "/store_id", "store_id", ofStore);
        checkId("/items/" + itemCount + "/product_id", "product_id", product);
      }
      if (itemCount == itemStores.length) {
        int capacity = Math.min(MAX_ITEMS, Math.max(64, 4 * itemStores.length));
        itemStores = Arrays.copyOf(itemStores, capacity);
        itemProducts = Arrays.copyOf(itemProducts, capacity);
      }
      itemStores[itemCount] = ofStore;
      itemProducts[itemCount++] = product;
      return this;
    }

    /** Whom an experiment may assign a model version to; null or empty: nobody. */
    public Builder userId(@Nullable String id) {
      userId = emptyToNull(id);
      if (userId != null && userId.length() > MAX_USER_ID_CHARS) {
        throw new InvalidRequestException(
            "/user_id",
            "user_id has %d characters; send at most %d, a hash of it, say"
                .formatted(userId.length(), MAX_USER_ID_CHARS));
      }
      return this;
    }

    /** Where the items are shown; null or empty: not told. */
    public Builder surface(@Nullable String name) {
      surface = emptyToNull(name);
      return this;
    }

    /** Something else that is known of the request. */
    public Builder attribute(String name, String value) {
      String pointer = "/attributes/" + name;
      if (!NAME.matcher(name).matches()) {
        throw new InvalidRequestException(
            "/attributes",
            "an attribute's name has 1 to 64 letters, digits, '_', '.' and '-', a letter first");
      }
      if (name.equals("surface") || name.equals("store_id") || name.equals("user_id")) {
        throw new InvalidRequestException(
            pointer, "%s is a field of the request; send it there".formatted(name));
      }
      if (value.isEmpty() || value.length() > MAX_ATTRIBUTE_CHARS) {
        throw new InvalidRequestException(
            pointer, "an attribute's value has 1 to %d characters".formatted(MAX_ATTRIBUTE_CHARS));
      }
      if (attributes.size() == MAX_ATTRIBUTES && !attributes.containsKey(name)) {
        throw new InvalidRequestException(
            "/attributes", "more than %d attributes; leave some out".formatted(MAX_ATTRIBUTES));
      }
      attributes.put(name, value);
      return this;
    }

    /** From an earlier answer; null or empty: none. */
    public Builder consistencyToken(@Nullable String token) {
      consistencyToken = emptyToNull(token);
      return this;
    }

    /**
     * The request.
     *
     * @throws InvalidRequestException when it asks for nothing, or in both ways; other faults were
     *     told when they came
     */
    public ReadRequest build() {
      boolean ofStore = storeId != NONE || productCount != NONE;
      if (ofStore && itemCount != NONE) {
        throw new InvalidRequestException(
            "", "send store_id and product_ids, or items, not both in one request");
      }
      if (itemCount > 0) {
        return ofItems(
            Arrays.copyOf(itemStores, itemCount), Arrays.copyOf(itemProducts, itemCount));
      }
      if (itemCount == 0) {
        throw new InvalidRequestException("/items", "items is empty; ask for at least one");
      }
      if (storeId == NONE) {
        throw new InvalidRequestException(
            ofStore ? "/store_id" : "",
            ofStore
                ? "store_id is missing; product_ids are products of one store"
                : "nothing is asked for; send store_id and product_ids, or items");
      }
      if (productCount < 1) {
        throw new InvalidRequestException(
            "/product_ids", "product_ids is missing or empty; ask for at least one product");
      }
      return new ReadRequest(this, new long[] {storeId}, Arrays.copyOf(products, productCount));
    }

    /** Items of one store, as most are, are read as such, which is quicker. */
    private ReadRequest ofItems(long[] stores, long[] products) {
      for (long store : stores) {
        if (store != stores[0]) {
          return new ReadRequest(this, stores, products);
        }
      }
      return new ReadRequest(this, new long[] {stores[0]}, products);
    }

    private static long checkId(String pointer, String what, long id) {
      if (id < 0) {
        throw new InvalidRequestException(
            pointer, "%s is %d; ids are 64-bit integers from 0".formatted(what, id));
      }
      return id;
    }

    private static InvalidRequestException tooMany(String pointer) {
      return new InvalidRequestException(
          pointer,
          "more than %,d items in one request; send the rest in another one with this one's"
                  .formatted(MAX_ITEMS)
              + " consistency_token");
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
      return text == null || text.isEmpty() ? null : text;
    }
  }
}
