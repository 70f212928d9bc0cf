package io.shelfcast.local.demo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Searches as a marketplace has them: some users, stores and products come up all the time, and
 * most now and then. For one thread.
 */
final class SearchMix {

  /** Of stores and products: the popular ones are fresh within seconds, the rest within minutes. */
  private static final double SKEW = 0.9;

  private static final int SESSIONS = 500;
  private static final int LONGEST_SESSION = 40;
  private static final int FEWEST_ITEMS = 20;
  private static final int MOST_ITEMS = 50;

  /** Prime, so that which stores are popular has nothing to do with when they were scored. */
  private static final long SPREAD = 7919;

  private final int stores;
  private final int itemsPerStore;
  private final SplittableRandom random;
  private final Zipf storeRanks;
  private final Zipf productRanks;
  private final Zipf sessionRanks = new Zipf(SESSIONS, SKEW);
  private final List<Session> sessions = new ArrayList<>();
  private long users;

  SearchMix(int stores, int itemsPerStore, long seed) {
    this.stores = stores;
    this.itemsPerStore = itemsPerStore;
    this.random = new SplittableRandom(seed);
    this.storeRanks = new Zipf(stores, SKEW);
    this.productRanks = new Zipf(itemsPerStore, SKEW);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(newSession());
    }
  }

  Search next() {
    int rank = sessionRanks.draw(random);
    if (!sessions.get(rank).next()) {
      sessions.set(rank, newSession());
    }
    return new Search(sessions.get(rank), random.nextInt(5) == 0 ? "browse" : "search", products());
  }

  private Session newSession() {
    return new Session(
        "user-" + users++,
        storeRanks.draw(random) * SPREAD % stores,
        1 + random.nextInt(LONGEST_SESSION));
  }

  private List<Long> products() {
    int wanted = Math.min(random.nextInt(FEWEST_ITEMS, MOST_ITEMS + 1), itemsPerStore);
    Set<Long> products = new LinkedHashSet<>();
    while (products.size() < wanted) {
      products.add((long) productRanks.draw(random));
    }
    return List.copyOf(products);
  }
}
