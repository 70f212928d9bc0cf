package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.SegmentStore.Content;
import io.shelfcast.store.SegmentStore.Replaced;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SegmentStoreTest {

  private static final StoreAttributes SHANGHAI =
      new StoreAttributes("Shanghai", "east", null, ZoneId.of("Asia/Shanghai"));
  private static final ProductAttributes DAIRY = new ProductAttributes("dairy", "head");
  private static final ProductAttributes FRUIT = new ProductAttributes("fruit \\N \"x\"\n", null);

  private final TestDatabase test = TestDatabase.create();
  private final SegmentStore segments = new SegmentStore(test.database());

  @Test
  void whatWasLoadedIsReadAndOneTableDoesNotTouchTheOther() {
    assertEquals(new SegmentVersions(0, 0), segments.versions());
    assertEquals(StoreAttributes.UNKNOWN, segments.stores().table().get(7));

    Replaced first = segments.replace(stores(7, SHANGHAI, 8, StoreAttributes.UNKNOWN), null);
    assertEquals(new Replaced(new SegmentChange(2, 2, 0), null), first);
    assertEquals(new SegmentVersions(1, 0), segments.versions());
    segments.replace(null, products(0, DAIRY, Long.MAX_VALUE, FRUIT));
    assertEquals(new SegmentVersions(1, 1), segments.versions());

    Content<StoreAttributes> stores = segments.stores();
    assertEquals(1, stores.version());
    assertEquals(2, stores.table().size());
    assertEquals(SHANGHAI, stores.table().get(7));
    assertEquals(StoreAttributes.UNKNOWN, stores.table().get(8));
    Content<ProductAttributes> products = segments.products();
    assertEquals(DAIRY, products.table().get(0));
    assertEquals(FRUIT, products.table().get(Long.MAX_VALUE));
  }

  @Test
  void aLoadWritesOnlyWhatIsOtherThanBefore() {
    segments.replace(null, products(1, DAIRY, 2, DAIRY));
    assertEquals(
        new SegmentChange(2, 0, 0),
        segments.replace(null, products(1, DAIRY, 2, DAIRY)).products());
    assertEquals(1, segments.versions().products());
    assertEquals(
        new SegmentChange(2, 2, 1),
        segments.replace(null, products(2, FRUIT, 3, FRUIT)).products());
    assertEquals(2, segments.versions().products());
    assertEquals(
        List.of("2|null", "3|null"),
        test.query("SELECT product_id, popularity_tier FROM product_segment ORDER BY product_id"));
    assertEquals(
        new SegmentChange(0, 0, 2),
        segments
            .replace(null, new SegmentTable.Builder<>(ProductAttributes.UNKNOWN).build())
            .products());
  }

  @Test
  void aTimeZoneThatThisJvmDoesNotKnowIsUtc() {
    test.execute("INSERT INTO store_segment VALUES (7, 'x', NULL, NULL, 'Mars/Olympus')");
    assertEquals(new StoreAttributes("x", null, null, null), segments.stores().table().get(7));
  }

  @Test
  void aReaderSeesAllOfTheOldContentOrAllOfTheNew() throws Exception {
    ExecutorService loader = Executors.newSingleThreadExecutor();
    try {
      segments.replace(null, many(DAIRY));
      Future<?> loads =
          loader.submit(
              () -> {
                for (ProductAttributes next : List.of(FRUIT, DAIRY, FRUIT, DAIRY)) {
                  segments.replace(null, many(next));
                }
              });
      do {
        Content<ProductAttributes> content = segments.products();
        assertEquals(5_000, content.table().size());
        assertEquals(1, content.table().distinct());
        assertEquals(content.version() % 2 == 1 ? DAIRY : FRUIT, content.table().get(1));
      } while (!loads.isDone());
      loads.get();
      assertEquals(5, segments.versions().products());
    } finally {
      loader.shutdownNow();
    }
  }

  private static SegmentTable<ProductAttributes> many(ProductAttributes attributes) {
    SegmentTable.Builder<ProductAttributes> products =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    for (long id = 0; id < 5_000; id++) {
      products.add(id, attributes);
    }
    return products.build();
  }

  private static SegmentTable<ProductAttributes> products(
      long one, ProductAttributes its, long other, ProductAttributes others) {
    return new SegmentTable.Builder<>(ProductAttributes.UNKNOWN)
        .add(one, its)
        .add(other, others)
        .build();
  }

  private static SegmentTable<StoreAttributes> stores(
      long one, StoreAttributes its, long other, StoreAttributes others) {
    return new SegmentTable.Builder<>(StoreAttributes.UNKNOWN)
        .add(one, its)
        .add(other, others)
        .build();
  }
}
