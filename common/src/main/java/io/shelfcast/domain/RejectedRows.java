package io.shelfcast.domain;

import java.util.List;
import java.util.UUID;

/**
 * The rows of one batch that one step rejected: what becomes dead letters in one transaction.
 *
 * @param id the same whenever the same step rejects rows of the same batch again
 * @param rows at least one
 */
public record RejectedRows(UUID id, List<RejectedRow> rows) {
  public RejectedRows {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no row was rejected");
    }
    rows = List.copyOf(rows);
  }
}
