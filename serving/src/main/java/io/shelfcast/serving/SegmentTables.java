package io.shelfcast.serving;

import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.SegmentStore;
import io.shelfcast.store.SegmentVersions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of stores and products, in memory and up to date. Loading ten million products
 * takes some ten seconds, in which a promoted model must not wait to be seen: so it goes on aside,
 * and what was known stays until it is done.
 */
final class SegmentTables implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentTables.class);

  /** Both, as of one moment or nearly so. */
  record Tables(
      SegmentVersions versions,
      SegmentTable<StoreAttributes> stores,
      SegmentTable<ProductAttributes> products) {}

  private final SegmentStore segments;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("shelfcast-segments"));
  private volatile @Nullable Tables loaded;
  private @Nullable Future<?> loading;

  SegmentTables(SegmentStore segments) {
    this.segments = segments;
  }

  /** What is known; the first time it waits until something is. For one thread. */
  Tables current() {
    SegmentVersions versions = segments.versions();
    Tables known = loaded;
    if (known == null) {
      known = load(null);
      loaded = known;
    } else if (!versions.equals(known.versions()) && (loading == null || loading.isDone())) {
      loading = thread.submit(this::reload);
    }
    return known;
  }

  private void reload() {
    try {
      loaded = load(loaded);
    } catch (RuntimeException | Error e) {
      // What is known stays; the next look tries once more.
      LOG.warn("segments cannot be loaded; what is known of them stays: {}", e.toString());
    }
  }

  /** Only what has changed. */
  private Tables load(@Nullable Tables known) {
    SegmentVersions versions = segments.versions();
    var stores =
        known != null && known.versions().stores() == versions.stores()
            ? new SegmentStore.Content<>(versions.stores(), known.stores())
            : segments.stores();
    var products =
        known != null && known.versions().products() == versions.products()
            ? new SegmentStore.Content<>(versions.products(), known.products())
            : segments.products();
    LOG.info(
        "segments loaded: {} stores, {} products", stores.table().size(), products.table().size());
    return new Tables(
        new SegmentVersions(stores.version(), products.version()),
        stores.table(),
        products.table());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
