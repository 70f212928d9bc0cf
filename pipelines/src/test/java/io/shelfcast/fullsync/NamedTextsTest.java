package io.shelfcast.fullsync;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedTextsTest {

  private static final String SCHEMA =
      """
      message products {
        required double price;
        optional int32 category_id;
        required int64 product_id;
        optional binary tier (STRING);
      }""";

  @TempDir private Path folder;

  @Test
  void columnsOfParquetAreFoundByNameOverAllRowGroups() throws IOException {
    Path file = folder.resolve("products.parquet");
    ParquetFiles.write(file, SCHEMA, 5_000, 4_000, NamedTextsTest::product);
    assertEquals(
        IntStream.range(0, 5_000)
            .mapToObj(
                row ->
                    "%d %d %s %s"
                        .formatted(row + 1, row, row % 2 == 0 ? "tier" : null, row % 3 - 1))
            .toList(),
        read(file, "product_id", "tier", "category_id"));
  }

  @Test
  void aColumnThatIsNeitherTextNorAWholeNumberIsRefused() throws IOException {
    Path file = folder.resolve("products.parquet");
    ParquetFiles.write(file, SCHEMA, 1, NamedTextsTest::product);
    InputException refused =
        assertThrows(InputException.class, () -> read(file, "product_id", "price"));
    assertThat(refused.getMessage(), containsString("column 'price' of " + file));
    assertThat(refused.getMessage(), containsString("it is to be text, a whole number, a time"));
  }

  private static void product(Group group, int row) {
    group.add("price", 0.5);
    group.add("category_id", row % 3 - 1);
    group.add("product_id", (long) row);
    if (row % 2 == 0) {
      group.add("tier", " tier");
    }
  }

  private static List<String> read(Path file, String... wanted) throws IOException {
    List<String> read = new ArrayList<>();
    NamedTexts.read(
        file.toString(),
        new NamedTexts.Rows() {
          @Override
          public List<String> begin(String name, List<String> columns) {
            assertEquals(List.of("price", "category_id", "product_id", "tier"), columns);
            return List.of(wanted);
          }

          @Override
          public void row(String name, long row, List<@Nullable String> values) {
            read.add("%d %s %s %s".formatted(row, values.get(0), values.get(1), values.get(2)));
          }
        });
    return read;
  }
}
