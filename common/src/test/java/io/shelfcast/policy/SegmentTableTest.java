package io.shelfcast.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SegmentTableTest {

  @Property(tries = 100)
  void itFindsWhatAMapFinds(@ForAll long seed) {
    Random random = new Random(seed);
    // Close together, far apart, or alike in their last bits.
    int bits = 4 + random.nextInt(59);
    int zeros = random.nextInt(Math.min(bits, 40));
    Map<Long, ProductAttributes> expected = new HashMap<>();
    SegmentTable.Builder<ProductAttributes> builder =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    for (int i = random.nextInt(2000); i > 0; i--) {
      long id = random.nextLong() >>> (64 - bits) >>> zeros << zeros;
      ProductAttributes attributes =
          expected.computeIfAbsent(id, k -> new ProductAttributes("" + random.nextInt(9), null));
      builder.add(id, attributes);
    }
    SegmentTable<ProductAttributes> table = builder.build();
    assertEquals(expected.size(), table.size());
    expected.forEach((id, attributes) -> assertEquals(attributes, table.get(id)));
    Map<Long, ProductAttributes> all = new HashMap<>();
    for (SegmentTable.Cursor<ProductAttributes> cursor = table.cursor(); cursor.next(); ) {
      all.put(cursor.id(), cursor.attributes());
    }
    assertEquals(expected, all);
    for (int i = 0; i < 100; i++) {
      long id = random.nextLong() >>> (64 - bits);
      assertEquals(expected.getOrDefault(id, ProductAttributes.UNKNOWN), table.get(id));
    }
  }

  @Test
  void productsThatAreAlikeShareOneObject() {
    SegmentTable<ProductAttributes> table =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN)
            .add(0, new ProductAttributes("dairy", null))
            .add(Long.MAX_VALUE, new ProductAttributes("dairy", null))
            .build();
    assertSame(table.get(0), table.get(Long.MAX_VALUE));
    assertEquals(1, table.distinct());
    assertSame(ProductAttributes.UNKNOWN, table.get(-1));
    assertSame(ProductAttributes.UNKNOWN, table.get(1));
  }

  @Test
  void anIdWithTwoRowsThatDifferAndANegativeOneAreRefused() {
    SegmentTable.Builder<ProductAttributes> builder =
        new SegmentTable.Builder<>(ProductAttributes.UNKNOWN);
    ProductAttributes dairy = new ProductAttributes("dairy", null);
    builder.add(7, dairy).add(7, dairy);
    IllegalArgumentException differ =
        assertThrows(
            IllegalArgumentException.class,
            () -> builder.add(7, new ProductAttributes("fruit", null)));
    assertThat(differ.getMessage(), containsString("7 has two rows that differ"));
    assertThrows(IllegalArgumentException.class, () -> builder.add(-1, dairy));
  }
}
