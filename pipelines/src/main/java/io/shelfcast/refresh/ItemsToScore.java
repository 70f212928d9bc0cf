package io.shelfcast.refresh;

import java.util.List;

/**
 * Items that one model version is to score in one call.
 *
 * @param modelVersion its name
 * @param requests the requests that the items are of
 */
public record ItemsToScore(String modelVersion, List<ReceivedRequest> requests) {

  public ItemsToScore {
    requests = List.copyOf(requests);
  }

  /** The number of items. */
  public int size() {
    int size = 0;
    for (ReceivedRequest received : requests) {
      size += received.request().size();
    }
    return size;
  }

  /** The stores of the items, request by request. */
  long[] storeIds() {
    long[] stores = new long[size()];
    int n = 0;
    for (ReceivedRequest received : requests) {
      for (int i = 0; i < received.request().size(); i++) {
        stores[n++] = received.request().storeId();
      }
    }
    return stores;
  }

  /** The products of the items, in the same order. */
  long[] productIds() {
    long[] products = new long[size()];
    int n = 0;
    for (ReceivedRequest received : requests) {
      for (int i = 0; i < received.request().size(); i++) {
        products[n++] = received.request().productId(i);
      }
    }
    return products;
  }
}
