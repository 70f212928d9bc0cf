package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesRegex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.fullsync.InputException;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.SharedData;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentRowsTest {

  @TempDir private Path folder;

  @Test
  void theRealStoresAndProductsAreRead() throws Exception {
    Path data = SharedData.scores().resolveSibling("stores.parquet");
    SegmentTable<StoreAttributes> stores = SegmentRows.stores().read(data.toString());
    assertEquals(898, stores.size());
    for (SegmentTable.Cursor<StoreAttributes> cursor = stores.cursor(); cursor.next(); ) {
      assertThat(cursor.attributes().city(), matchesRegex("\\d+"));
    }
    SegmentTable<ProductAttributes> products =
        SegmentRows.products().read(data.resolveSibling("products.parquet").toString());
    assertEquals(865, products.size());
    for (SegmentTable.Cursor<ProductAttributes> cursor = products.cursor(); cursor.next(); ) {
      assertThat(cursor.attributes().category(), matchesRegex("\\d+"));
    }
  }

  @Test
  void filesOfOneGlobAreOneTableAndEachHasItsOwnColumns() throws Exception {
    try (GZIPOutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.csv.gz")))) {
      out.write(
          "\uFEFFregion,city,city_id,store_id\r\neast,Köln ,5,1\r\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    write("b.csv", "store_id,retailer,time_zone\n2,x,+08:00\n");
    SegmentRows<StoreAttributes> rows = SegmentRows.stores();
    SegmentTable<StoreAttributes> stores = rows.read(folder + "/*.csv*");
    assertEquals(2, stores.size());
    assertEquals(new StoreAttributes("Köln", "east", null, null), stores.get(1));
    assertEquals(new StoreAttributes(null, null, "x", ZoneId.of("+08:00")), stores.get(2));
    assertEquals(Set.of("city_id"), rows.unused());
  }

  @Test
  void whatCannotBeIsRefusedWithFileAndRow() throws Exception {
    assertRefused("product_id,category\n11,x\n-1,x\n", "row 3 of %s: product_id is '-1'; write a");
    assertRefused("product_id,category\n,x\n", "row 2 of %s: product_id is empty; write a whole");
    assertRefused("product_id,category\n1.5,x\n", "row 2 of %s: product_id is '1.5'; write a");
    assertRefused(
        "product_id,category\n1,\u0000\n", "row 2 of %s: category has a character that cannot");
    assertRefused(
        "product_id,category\n11,a\n11,a\n11,b\n", "row 4 of %s: 11 has two rows that differ: ");
    assertRefused("category\nx\n", "%s has no column 'product_id'; it needs that and one or more");
    assertRefused("", "%s has no column 'product_id'; it needs that and one or more");
    assertRefused("product_id,price\n1,2\n", "%s has no column beside 'product_id' that a rule");
    assertRefused("product_id,category,category\n", "%s has the column 'category' twice");
    assertRefused("product_id,category\n1\n", "line 2 of %s has 1 fields where the header has 2");
    assertThrows(
        FileNotFoundException.class, () -> SegmentRows.products().read(folder + "/absent*.csv"));
    assertEquals("cannot read", refused("x.parquet", "no Parquet").getMessage().substring(0, 11));
  }

  private void assertRefused(String csv, String told) throws IOException {
    InputException refused = refused("x.csv", csv);
    assertThat(
        refused.getMessage(), containsString(told.formatted(folder.resolve("x.csv").toString())));
  }

  private InputException refused(String name, String content) throws IOException {
    Path file = write(name, content);
    return assertThrows(InputException.class, () -> SegmentRows.products().read(file.toString()));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
