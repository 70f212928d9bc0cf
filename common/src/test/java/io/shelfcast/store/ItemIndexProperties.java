package io.shelfcast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ItemIndexProperties {

  @Property(tries = 300)
  void tellsEachPlaceOfAnItemInOrderAndNoOther(
      @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 5) Long> stores,
      @ForAll @LongRange(min = 0, max = 40) long seed,
      @ForAll @IntRange(min = 0, max = 62) int shift) {
    long[] storeIds = stores.stream().mapToLong(s -> s << shift).map(Math::abs).toArray();
    long[] productIds = new long[storeIds.length];
    for (int i = 0; i < productIds.length; i++) {
      productIds[i] = (i * (seed + 1)) % 7 << shift & Long.MAX_VALUE;
    }
    ItemIndex index =
        new ItemIndex(storeIds.length == 1 ? new long[] {storeIds[0]} : storeIds, productIds);
    for (int i = 0; i < productIds.length; i++) {
      List<Integer> expected = new ArrayList<>();
      for (int j = 0; j < productIds.length; j++) {
        if (storeIds[j] == storeIds[i] && productIds[j] == productIds[i]) {
          expected.add(j);
        }
      }
      assertEquals(expected, places(index, storeIds[i], productIds[i]));
      assertEquals(List.of(), places(index, storeIds[i], productIds[i] + 1_000_003));
    }
  }

  private static List<Integer> places(ItemIndex index, long storeId, long productId) {
    List<Integer> places = new ArrayList<>();
    for (int i = index.first(storeId, productId); i >= 0; i = index.next(i)) {
      places.add(i);
    }
    return places;
  }
}
