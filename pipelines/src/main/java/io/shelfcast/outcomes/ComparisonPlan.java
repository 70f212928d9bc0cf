package io.shelfcast.outcomes;

import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.store.DatabaseConfig;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be compared.
 *
 * @param baseline the model version that is live
 * @param candidate the one that may become so
 * @param foundRate at which segments are compared
 * @param minEvidence outcomes that a segment needs
 * @param attributes what makes segments
 * @param database where the comparison is put on record
 * @param output where the results go
 */
record ComparisonPlan(
    String baseline,
    String candidate,
    double foundRate,
    long minEvidence,
    List<SegmentAttribute> attributes,
    DatabaseConfig database,
    OutputFolder output)
    implements Serializable {

  /** At which everything together is compared, ascending: each whole percent from 80 to 98. */
  List<Double> foundRates() {
    TreeSet<Double> rates = new TreeSet<>();
    for (int percent = 80; percent <= 98; percent++) {
      rates.add(percent / 100.0);
    }
    rates.add(foundRate);
    return new ArrayList<>(rates);
  }

  /** A line on why there is no segment to compare; empty, when none was asked for. */
  String whyNoSegments() {
    return SegmentNames.whyNone(attributes, minEvidence);
  }

  /**
   * A line for whoever has another version live than the baseline; empty otherwise.
   *
   * @param live the name of the one that is live; null: there is none
   */
  String whyNotLive(@Nullable String live) {
    return live == null || live.equals(baseline)
        ? ""
        : "%s is live and not %s: for a promotion, compare with that one, --models=%s,NAME\n"
            .formatted(live, baseline, live);
  }

  String reportFile() {
    return output.pathOf("report.html");
  }
}
