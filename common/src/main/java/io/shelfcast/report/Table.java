package io.shelfcast.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table, its rows in the order they were added. Immutable.
 *
 * @param caption above it; none if empty
 * @param header a title for each column
 * @param rows each with as many cells as the header
 */
public record Table(String caption, List<String> header, List<List<Cell>> rows) implements Block {

  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    if (header.isEmpty()) {
      throw new IllegalArgumentException("table '%s' has no columns".formatted(caption));
    }
    for (List<Cell> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "a row of table '%s' has %d cells where the header has %d; hand in Cell.text(\"\") for"
                    .formatted(caption, row.size(), header.size())
                + " an empty one");
      }
    }
  }

  /** A table without rows yet. */
  public static Table titled(String caption, String... header) {
    return new Table(caption, List.of(header), List.of());
  }

  /** With one more row. */
  public Table row(Cell... cells) {
    return rows(List.of(List.of(cells)));
  }

  /** With more rows. */
  public Table rows(List<List<Cell>> more) {
    List<List<Cell>> all = new ArrayList<>(rows);
    all.addAll(more);
    return new Table(caption, header, all);
  }

  /** Whether a column holds numbers only. */
  boolean ofNumbers(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).kind() == Cell.Kind.NUMBER);
  }
}
