package io.shelfcast.serving;

import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By which segments comparisons are told: categories, of which the {@value #MOST} that most
 * products are of are told one by one, and all others as one. Every server comes to the same, as it
 * goes by the table of products alone.
 */
final class CategorySegments {

  /** Of products of which no category is known. */
  static final String NONE = "(none)";

  static final String OTHER = "(other)";

  private static final int MOST = 200;

  private final Set<String> told;

  private CategorySegments(Set<String> told) {
    this.told = told;
  }

  /** Those of a table; it takes some tenths of a second for ten million products. */
  static CategorySegments of(SegmentTable<ProductAttributes> products) {
    Map<String, Long> sizes = new HashMap<>();
    SegmentTable.Cursor<ProductAttributes> cursor = products.cursor();
    while (cursor.next()) {
      String category = cursor.attributes().category();
      if (category != null) {
        sizes.merge(category, 1L, Long::sum);
      }
    }
    return new CategorySegments(
        sizes.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST)
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The segment of a category; null: it is not known. */
  String of(@Nullable String category) {
    if (category == null) {
      return NONE;
    }
    return told.contains(category) ? category : OTHER;
  }
}
