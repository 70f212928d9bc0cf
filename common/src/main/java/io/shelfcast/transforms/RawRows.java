package io.shelfcast.transforms;

import java.util.List;

/**
 * Score rows as JSON text, of one source.
 *
 * @param source the table or topic partition that they were read from
 * @param part which part of it; with the source it names the batches made of the rows
 * @param rows the rows
 */
public record RawRows(String source, String part, List<RawRow> rows) {

  public RawRows {
    rows = List.copyOf(rows);
  }

  /**
   * A score row as text.
   *
   * @param position its place in the source
   * @param payload a JSON object of the score-row contract, if it is a good one
   */
  public record RawRow(long position, String payload) {}
}
