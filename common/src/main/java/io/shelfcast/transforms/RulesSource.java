package io.shelfcast.transforms;

import io.shelfcast.quality.RowRules;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/** Where a step has its row rules from. */
public interface RulesSource extends Serializable {

  RowRules rules();

  /** The same rules for the whole of a run, so that a retry decides the same, whenever it comes. */
  static RulesSource fixed(RowRules rules) {
    return () -> rules;
  }

  /**
   * Rules as of when they are asked for: for a pipeline that has no end, and so no time that the
   * future could be counted from. A retry may let pass what was in the future before.
   */
  static RulesSource asOfNow(Duration maxFutureSkew) {
    return () -> RowRules.asOf(Instant.now(), maxFutureSkew);
  }
}
