package io.shelfcast.transforms;

import io.shelfcast.domain.RowCounts;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters of what was written, in the one namespace that all metrics have. They count again
 * what a retry does again; the run ledger is what adds up.
 */
public final class Counters implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of every metric of this project. */
  public static final String NAMESPACE = "shelfcast";

  private final Counter inserted = Metrics.counter(NAMESPACE, "scores_inserted");
  private final Counter updated = Metrics.counter(NAMESPACE, "scores_updated");
  private final Counter kept = Metrics.counter(NAMESPACE, "scores_kept");
  private final Counter rejected = Metrics.counter(NAMESPACE, "rows_rejected");

  void add(RowCounts counts) {
    inserted.inc(counts.inserted());
    updated.inc(counts.updated());
    kept.inc(counts.kept());
    rejected.inc(counts.rejected());
  }
}
