package io.shelfcast.transforms;

import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateLimits;
import io.shelfcast.quality.GateMode;
import io.shelfcast.quality.GateVerdict;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the quality gate judges a run.
 *
 * @param limits what the input is held against
 * @param mode what is done about a failed check
 * @param forcedBecause the reason that somebody gave for going on whatever fails; null: nobody did
 * @param modelVersion the model version that a complete input has all rows of; null: not said
 * @param extent how much of what there is the input has
 * @param asOf what ages are counted to: fixed, so that a retry judges the same
 */
public record GateSettings(
    GateLimits limits,
    GateMode mode,
    @Nullable String forcedBecause,
    @Nullable String modelVersion,
    Extent extent,
    Instant asOf)
    implements Serializable {

  GateVerdict verdict(List<GateCheck> checks) {
    if (checks.stream().allMatch(GateCheck::passed)) {
      return GateVerdict.PASSED;
    }
    if (mode == GateMode.warn) {
      return GateVerdict.WARNED;
    }
    return forcedBecause == null ? GateVerdict.REFUSED : GateVerdict.FORCED;
  }
}
